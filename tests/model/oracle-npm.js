// What npm makes of proxy URLs: one per line on stdin, in hex; on stdout "scheme host port credentials", the last in
// hex as they go over the wire, "-" for none; or "error". argv[2] is npm's own script.
'use strict'
const fs = require('fs')
const path = require('path')
const url = require('url')
const modules = path.join(path.dirname(fs.realpathSync(process.argv[2])), '..', 'node_modules')
const agentFile = path.join(modules, '@npmcli/agent/lib/proxy.js')
if (!fs.existsSync(agentFile)) {
  process.exit(77) // npm before 10 has other code
}
const { getProxyAgent } = require(agentFile)
const nopt = require(path.join(modules, 'nopt'))

function read (hex) {
  const text = Buffer.from(hex, 'hex').toString('utf8')
  const data = {}
  if (nopt.typeDefs.url.validate(data, 'proxy', text) === false) {
    return 'error'
  }
  const proxy = new URL(data.proxy)
  const Agents = [].concat(getProxyAgent(data.proxy))
  const agent = new Agents[0](proxy, {})
  if (agent.shouldLookup !== undefined) { // SOCKS
    const p = agent.proxy
    const sent = p.userId === undefined && !p.password ? '-' : Buffer.from(`${p.userId ?? ''}:${p.password}`).toString('hex')
    return `socks ${p.host.replace(/^\[|\]$/g, '')} ${p.port} ${sent}`
  }
  let sent = '-'
  agent.setRequestProps({
    path: '/',
    getHeader: () => 'x',
    setHeader: (name, value) => {
      if (name === 'Proxy-Authorization') {
        sent = Buffer.from(value.replace(/^Basic /, ''), 'base64').toString('hex')
      }
    },
  }, { secureEndpoint: false, port: 80 })
  return `${proxy.protocol.slice(0, -1)} ${agent.connectOpts.host} ${agent.connectOpts.port} ${sent}`
}

for (const line of fs.readFileSync(0, 'latin1').split('\n').slice(0, -1)) {
  let answer = 'error'
  try {
    answer = read(line)
  } catch (e) {
    answer = 'error'
  }
  process.stdout.write(answer + '\n')
}
