// The application that the lab releases. Its version says how it behaves: `v1` is well, and a version that ends in the
// name of a fault (`slow-boot`, `v3-slow-boot`) has that fault. Times are counted from the start of the process.
const crypto = require('node:crypto')
const http = require('node:http')

const version = process.env.APP_VERSION ?? 'unknown'
const faults = [
  'slow-boot',
  'never-healthy',
  'exits',
  'loops',
  'dies-later',
  'fails-later',
  'once-healthy',
  'slow',
  'memory',
  'closes-hang',
  'quits',
  'wears-out',
]
const fault = faults.find((name) => version === name || version.endsWith(`-${name}`)) ?? 'none'
const born = Date.now() - process.uptime() * 1000
const age = () => Date.now() - born
const at = (time, action) => setTimeout(action, Math.max(0, time - age()))
let answers = 0
let told = false

function status() {
  if (told) return 500
  if (fault === 'never-healthy') return 503
  if (fault === 'fails-later' && age() > 4000) return 500
  if (fault === 'once-healthy' && answers > 0) return 503
  if (fault === 'wears-out' && answers > 1000) return 500 // a few questions do not bring it about: traffic does
  return 200
}

function answer(request, response) {
  if (fault === 'closes-hang') return
  const url = new URL(request.url, 'http://application')
  let length = 0
  request.on('data', (chunk) => {
    length += chunk.length
  })
  request.on('end', () => {
    const wait = Number(url.searchParams.get('ms') ?? 0)
    const headers = { 'Content-Type': 'text/plain', 'X-Version': version }
    if (url.pathname === '/download') return download(response, headers, url, wait)
    const late = (url.pathname === '/slow' ? wait : 0) + (fault === 'slow' ? 2000 : 0)
    // As frameworks do that know the names of their site, or that want TLS.
    const { ALLOWED_HOST: allowed, FORCE_HTTPS: force } = process.env
    if (allowed && request.headers.host.replace(/:\d+$/, '') !== allowed) {
      response.writeHead(403, headers)
      return response.end(`host ${request.headers.host}\n`)
    }
    if (force && request.headers['x-forwarded-proto'] !== 'https') {
      response.writeHead(301, { ...headers, Location: `https://${request.headers.host}${request.url}` })
      return response.end()
    }
    const reply = () => {
      const code = url.pathname === '/status' ? Number(url.searchParams.get('code')) : status()
      if (fault === 'once-healthy') console.log(`answers ${code}`)
      answers += 1
      const said = request.method === 'POST' ? `received ${length} bytes\n` : ''
      response.writeHead(code, headers)
      response.end(`version ${version}\npath ${url.pathname}\nhost ${request.headers.host}\n${said}`)
    }
    if (late > 0) setTimeout(reply, late)
    else reply()
  })
}

/** `/download?bytes=N&ms=T`: N bytes, spread evenly over T milliseconds. */
function download(response, headers, url, duration) {
  const bytes = Number(url.searchParams.get('bytes') ?? 1024)
  const pieces = Math.max(1, Math.min(100, Math.floor(duration / 20)))
  response.writeHead(200, { ...headers, 'Content-Length': bytes })
  let sent = 0
  let piece = 0
  const next = () => {
    piece += 1
    const upTo = piece === pieces ? bytes : Math.floor((bytes * piece) / pieces)
    response.write(Buffer.alloc(upTo - sent, 'x'))
    sent = upTo
    if (piece === pieces) response.end()
    else setTimeout(next, duration / pieces)
  }
  next()
}

/** Sends back each short, masked text frame (RFC 6455). */
function echo(request, socket) {
  const key = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`
  const accept = crypto.createHash('sha1').update(key).digest('base64')
  const head = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade']
  socket.write([...head, `Sec-WebSocket-Accept: ${accept}`, `X-Version: ${version}`, '', ''].join('\r\n'))
  socket.on('error', () => socket.destroy())
  socket.on('data', (frame) => {
    if ((frame[0] & 0x0f) === 8) return socket.end(Buffer.from([0x88, 0]))
    const text = frame.subarray(6).map((byte, i) => byte ^ frame[2 + (i % 4)])
    socket.write(Buffer.concat([Buffer.from([0x81, text.length]), text]))
  })
}

function say() {
  console.log(`version ${version} cannot start`)
  console.log('::error::forged')
  console.log('::set-output name=x::y')
  console.log('harmless ##[error]forged')
  console.log('harmless\r::error::forged')
  console.error('fatal: no configuration for the database')
}

function die() {
  console.log('fatal: out of luck')
  process.exit(1)
}

function grow() {
  const kept = []
  setInterval(() => {
    if (kept.length < 128) kept.push(Buffer.alloc(8 * 1024 * 1024, 1))
  }, 20)
}

const server = http.createServer(answer)
server.on('upgrade', echo)
server.keepAliveTimeout = 60_000

function listen() {
  server.listen(Number(process.env.PORT ?? 3000), () => console.log(`version ${version} listens`))
}

process.on('SIGTERM', () => {
  if (fault === 'quits') process.exit(0)
  console.log(`version ${version} finishes`)
  server.close(() => process.exit(0))
  server.closeIdleConnections()
})

// A sound version goes bad as soon as it is told to: no clock has part in it.
process.on('SIGUSR2', () => {
  told = true
})
process.on('SIGWINCH', grow)
process.on('SIGHUP', die)

// What `docker compose run migrate` or a worker runs from the same image.
const role = process.argv[2] ?? 'web'
if (role === 'migrate') {
  console.log(`migrated to ${version}`)
} else if (role === 'worker') {
  setInterval(() => console.log(`worker ${version} works`), 5000)
} else if (fault === 'exits') {
  say()
  process.exit(3)
} else if (fault === 'loops') {
  console.log(`version ${version} runs in circles`)
  for (;;);
} else {
  if (fault === 'slow-boot') at(5000, listen)
  else listen()
  if (fault === 'dies-later') {
    at(4000, die)
  }
  if (fault === 'memory') at(2000, grow)
}
