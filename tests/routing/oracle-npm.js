// Which proxy npm would use, by its own code: lines of JSON {env: [[NAME, VALUE]…], cwd, url} on stdin; on stdout "direct",
// "proxy HOST PORT" or "fail" for each. argv[2] is npm's own script.
'use strict'
const fs = require('fs')
const path = require('path')
const readline = require('readline')
const { createRequire } = require('module')
const script = fs.realpathSync(process.argv[2])
const npmPath = path.join(path.dirname(script), '..')
const own = createRequire(script)
const agentFile = path.join(npmPath, 'node_modules/@npmcli/agent/lib/proxy.js')
if (!fs.existsSync(agentFile)) {
  process.exit(77) // npm before 10 has other code
}
const Config = own('@npmcli/config')
const { definitions, shorthands, flatten } = own('@npmcli/config/lib/definitions')
const defaultPorts = { 'http:': 80, 'https:': 443 }

async function decide ({ env, cwd, url }) {
  for (const name of Object.keys(process.env)) {
    delete process.env[name]
  }
  for (const [name, value] of env) {
    process.env[name] = value
  }
  delete require.cache[agentFile] // it reads the environment once
  const { getProxy, getProxyAgent } = require(agentFile)
  const config = new Config({ npmPath, definitions, shorthands, flatten, argv: ['node', 'npm', 'view', 'x'], cwd, warn: false })
  await config.load()
  const flat = config.flat // before that npm looks whether the values are good, and drops none any more
  config.validate()
  const proxy = getProxy(url, { proxy: flat.httpsProxy || flat.proxy, noProxy: flat.noProxy })
  if (!proxy) {
    return 'direct'
  }
  const Agents = [].concat(getProxyAgent(proxy)) // fails on schemes that are none of a proxy
  const u = new URL(url)
  // what connects asks once more, without the list of the configuration
  if (!getProxy(`${u.protocol}//${u.hostname}:${u.port || defaultPorts[u.protocol]}`, { proxy })) {
    return 'direct'
  }
  const Agent = Agents[u.protocol === 'https:' ? 1 : 0] || Agents[0]
  const agent = new Agent(proxy, {})
  decodeURIComponent(proxy.username + proxy.password)
  if (agent.shouldLookup !== undefined) { // SOCKS
    return `proxy ${agent.proxy.host} ${agent.proxy.port}`
  }
  return `proxy ${agent.connectOpts.host} ${agent.connectOpts.port}`
}

const lines = readline.createInterface({ input: process.stdin })
let last = Promise.resolve()
lines.on('line', (line) => {
  last = last.then(async () => {
    let answer = 'fail'
    try {
      answer = await decide(JSON.parse(line))
    } catch (e) {
      answer = 'fail ' + String(e.message).replace(/\n/g, ' ')
    }
    fs.writeSync(1, answer + '\n')
  })
})
