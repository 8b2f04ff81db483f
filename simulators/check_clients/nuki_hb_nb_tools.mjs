// Run the public client hb-nb-tools against a simulated bridge; see simulators/README.md.
// Its one argument is the line that `python -m simulators nuki_bridge --json` prints.

import { createServer } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { NbClient } from 'hb-nb-tools/NbClient'

const PAUSE = 600
const SMART_LOCK = 0
const facts = JSON.parse(process.argv[2])
let received = []

const inbox = createServer(async (request, response) => {
  let body = ''
  for await (const part of request) body += part
  received.push(JSON.parse(body))
  response.end()
})
await new Promise((resolve) => inbox.listen(0, '127.0.0.1', resolve))
const url = `http://127.0.0.1:${inbox.address().port}/nuki`

async function check (encryption) {
  received = []
  const client = new NbClient({
    host: new URL(facts.url).host, token: facts.credentials.token, encryption, timeout: 10
  })
  const ask = async (question) => {
    await sleep(PAUSE)
    return (await question()).body
  }
  await ask(() => client.info())
  const devices = await ask(() => client.list())
  const { nukiId } = devices.find((device) => device.deviceType === SMART_LOCK)
  const added = await ask(() => client.callbackAdd(url))
  const results = []
  for (const action of [NbClient.LockActions.UNLOCK, NbClient.LockActions.LOCK]) {
    results.push(await ask(() => client.lockAction(nukiId, SMART_LOCK, action)))
  }
  results.push(await ask(() => client.unlock(nukiId, SMART_LOCK)))
  const { callbacks } = await ask(() => client.callbackList())
  await ask(() => client.callbackRemove(callbacks.find((entry) => entry.url === url).id))
  console.log(`${encryption}:`, devices.map((device) => device.name))
  console.log(`${encryption}: callback`, added, 'unlock, lock, simple unlock', results)
  console.log(`${encryption}: received`, received.map((body) => body.stateName))
  if (!added.success || !results.every((result) => result.success)) {
    throw new Error('the bridge said no')
  }
  if (received.map((body) => body.state).join() !== '3,1,3') {
    throw new Error('the callbacks did not arrive')
  }
}

for (const encryption of ['none', 'hashedToken', 'encryptedToken']) await check(encryption)
inbox.close()
process.exit(0)
