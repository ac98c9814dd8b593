// Whether npm reaches hosts directly: lines "LIST\tHOST" on stdin; on stdout D (direct) or P (proxy) for each.
// argv[2] is npm's own script.
'use strict'
const fs = require('fs')
const path = require('path')
const agentFile = path.join(path.dirname(fs.realpathSync(process.argv[2])), '..', 'node_modules/@npmcli/agent/lib/proxy.js')
if (!fs.existsSync(agentFile)) {
  process.exit(77) // npm before 10 has other code
}
const { getProxy } = require(agentFile)

for (const line of fs.readFileSync(0, 'utf8').split('\n').slice(0, -1)) {
  const [list, host] = line.split('\t')
  const proxy = getProxy(`http://${host}/`, { proxy: 'http://proxy.test:3128', noProxy: list })
  process.stdout.write(proxy ? 'P\n' : 'D\n')
}
