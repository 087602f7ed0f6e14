import type { Color } from '../../../release/model.ts'
import { pairNames } from '../route/pair.ts'
import { markerPath } from '../switch/server.ts'

/** What a switch is made of, for one host. */
export interface SwitchParts {
  readonly upstream: string
  readonly addresses: Readonly<Record<Color, string>>
  readonly stateDirectory: string
}

/** The four upstream blocks, one a line. */
export function switchUpstreams({ upstream, addresses: { blue, green } }: SwitchParts): readonly string[] {
  const names = pairNames(upstream)
  const backed = (own: string, other: string): string =>
    `{ server ${own} max_fails=5 fail_timeout=5s; server ${other} backup; }`
  return [
    `upstream ${names.blue} { server ${blue}; }`,
    `upstream ${names.green} { server ${green}; }`,
    `upstream ${names.blueBacked} ${backed(blue, green)}`,
    `upstream ${names.greenBacked} ${backed(green, blue)}`,
  ]
}

/** What chooses the color in a server block, one statement a line. */
export function switchChoice({ upstream, stateDirectory }: SwitchParts): readonly string[] {
  const name = variableOf(upstream)
  return [
    'open_file_cache off;',
    `set $${name}_color blue;`,
    `if (-f ${stateDirectory}/green) { set $${name}_color green; }`,
    `set $${name}_upstream ${upstream}_$${name}_color;`,
    `if (-f ${stateDirectory}/backed) { set $${name}_upstream ${upstream}_\${${name}_color}_backed; }`,
    `location = ${markerPath} { default_type text/plain; return 200 "$${name}_upstream\\n"; }`,
  ]
}

/** What `proxy_pass` names. */
export function switchTarget({ upstream }: SwitchParts): string {
  return `$${variableOf(upstream)}_upstream`
}

/** A whole file for an application that Nginx knows nothing of. */
export function switchFile(parts: SwitchParts, listen: string, serverName: string): string {
  return `${switchUpstreams(parts).join('\n')}
server {
    listen ${listen};
    server_name ${serverName};
${switchChoice(parts)
  .map((line) => `    ${line}\n`)
  .join('')}    location / {
        proxy_pass http://${switchTarget(parts)};
        proxy_connect_timeout 1s;
        proxy_set_header Host $host;
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        proxy_set_header X-Forwarded-Proto $scheme;
    }
}
`
}

/** In variable names a `-` of the upstream's name becomes `_`. */
export function variableOf(upstream: string): string {
  return upstream.replace(/[^A-Za-z0-9_]/g, '_')
}
