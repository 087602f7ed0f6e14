export type Color = 'blue' | 'green'
export type Flip = 'switch' | 'switch-backed' | 'reload' | 'reload-both-lines' | 'reload-both-active'

/** What the configuration of a site is made of, for a test that writes one of its own. */
export interface NginxParts {
  readonly upstream: string
  readonly addresses: Readonly<Record<Color, string>>
  readonly stateDirectory: string
  readonly publicPort: number
  /** `listen` and, with TLS, the certificate. */
  readonly listen: string
  readonly serverName: string
  /** The upstream blocks. */
  readonly upstreams: string
  /** `switch`: what chooses the color in a server block, `/.blue-green` included. Empty with `reload`. */
  readonly choice: string
  /** What `proxy_pass` names. */
  readonly target: string
}

export interface NginxWishes {
  readonly flip: Flip
  readonly live: Color
  readonly upstream: string
  readonly addresses: Readonly<Record<Color, string>>
  readonly stateDirectory: string
  readonly publicPort: number
  readonly tls: boolean
}

/** The parts of a configuration as the documentation has it. */
export function nginxParts(wishes: NginxWishes): NginxParts {
  const { upstream, addresses, stateDirectory, publicPort, tls } = wishes
  const switched = wishes.flip === 'switch' || wishes.flip === 'switch-backed'
  const listen = tls
    ? `listen 127.0.0.1:${publicPort} ssl;\n    ssl_certificate /etc/nginx/tls/site.crt;\n    ssl_certificate_key /etc/nginx/tls/site.key;`
    : `listen 127.0.0.1:${publicPort};`
  return {
    upstream,
    addresses,
    stateDirectory,
    publicPort,
    listen,
    serverName: `${upstream.replaceAll('_', '-')}.example.test`,
    upstreams: switched ? switchUpstreams(wishes) : reloadUpstream(wishes),
    choice: switched ? choice(wishes) : '',
    target: switched ? `$${variable(upstream)}_upstream` : upstream,
  }
}

export function serverBlock(parts: NginxParts): string {
  return `server {
    ${parts.listen}
    server_name ${parts.serverName};
${parts.choice}    location / {
        proxy_pass http://${parts.target};
        proxy_connect_timeout 1s;
        proxy_set_header Host $host;
    }
}
`
}

function switchUpstreams({ upstream, addresses: { blue, green }, flip }: NginxWishes): string {
  const plain = `upstream ${upstream}_blue         { server ${blue}; }
upstream ${upstream}_green        { server ${green}; }
`
  if (flip === 'switch') return plain
  return `${plain}upstream ${upstream}_blue_backed  { server ${blue} max_fails=5 fail_timeout=5s; server ${green} backup; }
upstream ${upstream}_green_backed { server ${green} max_fails=5 fail_timeout=5s; server ${blue} backup; }
`
}

function choice({ upstream, stateDirectory, flip }: NginxWishes): string {
  const name = variable(upstream)
  const backed = `    if (-f ${stateDirectory}/backed) { set $${name}_upstream ${upstream}_\${${name}_color}_backed; }\n`
  return `    open_file_cache off;
    set $${name}_color blue;
    if (-f ${stateDirectory}/green)  { set $${name}_color green; }
    set $${name}_upstream ${upstream}_$${name}_color;
${flip === 'switch-backed' ? backed : ''}    location = /.blue-green { default_type text/plain; return 200 "$${name}_upstream\\n"; }
`
}

function reloadUpstream({ upstream, addresses, flip, live }: NginxWishes): string {
  if (flip === 'reload') return `upstream ${upstream} {\n    server ${addresses[live]};\n}\n`
  const mark = flip === 'reload-both-lines' ? ' down' : ''
  const line = (color: Color) => `    server ${addresses[color]}${color === live ? '' : mark};\n`
  return `upstream ${upstream} {\n${line('blue')}${line('green')}}\n`
}

/** Nginx allows no `-` in the name of a variable. */
function variable(upstream: string): string {
  return upstream.replaceAll('-', '_')
}
