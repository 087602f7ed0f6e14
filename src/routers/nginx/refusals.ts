import { notices, type Remedy } from '../../base/notice.ts'
import type { Color } from '../../release/model.ts'
import { refusals } from '../../release/reasons.ts'

/** Why no release can go through an Nginx, whichever way it flips. */
export const nginxRefusals = refusals({
  'nginx-stopped': (proxy: string) => ({
    reason: 'nginx-refused',
    message: `Nginx does not run on ${proxy}.`,
    remedy: { text: 'Start it.' },
  }),
  'nginx-configuration-refused': (proxy: string, why: string) => ({
    reason: 'nginx-refused',
    message: `Nginx on ${proxy} refuses the configuration on disk: ${why}.`,
    remedy: {
      text: /host not found in upstream/.test(why)
        ? 'A name of a container is known only while it runs: start it (`docker compose up -d` and the service), so that `nginx -t` passes. Nginx would not come back from a restart as it is.'
        : 'Mend that file, and see that `nginx -t` passes: Nginx would not come back from a restart as it is.',
    },
  }),
  'nginx-unreadable': (proxy: string, why: string, user: string, command?: string) => ({
    reason: 'nginx-refused',
    message: `Nginx does not show its configuration on ${proxy}: ${why}.`,
    remedy: {
      text:
        command === undefined
          ? `Let the user run it (sudoers: \`${user} ALL=(root) NOPASSWD: /usr/sbin/nginx -T, /usr/sbin/nginx -t, /usr/sbin/nginx -s reload\`), or correct \`nginx\`.`
          : `See that \`${command} -T\` works for ${user} in \`directory\` and its container runs, or correct \`nginx\`.`,
    },
  }),
  'nginx-unreadable-without-addresses': (proxy: string, why: string) => ({
    reason: 'nginx-refused',
    message: `Nginx cannot be read on ${proxy} (${why}), and the compose file does not say where it reaches the colors.`,
    remedy: { text: 'Set `blue-address` and `green-address`.' },
  }),
  'color-misplaced': (color: Color, address: string, where: string) => ({
    reason: 'drift',
    message: `The switch reaches ${color} at ${address}, and ${where}.`,
    remedy: { text: 'Make the two agree.' },
  }),
  'bypassed-to-color': (written: string, address: string) => ({
    reason: 'drift',
    message: `${written} sends requests to the application at ${address}, past what a release flips.`,
    remedy: { text: 'Pass to the same upstream as the others; `command: check` prints the change.' },
  }),
  'maybe-bypassed-to-color': (written: string, address: string) => ({
    reason: 'drift',
    message: `${written} may send requests to the application: ${address} has its port, and where that leads cannot be told.`,
    remedy: { text: 'Write the IP address that is meant; `command: check` prints the change.' },
  }),
  'route-unread': () => ({
    reason: 'verify-unusable',
    message: 'The public route cannot be found without reading Nginx.',
    remedy: { text: 'Set `verify-url`.' },
  }),
  'route-missing': (tried: readonly string[]) => withoutRoute(tried),
  /** A listener that wants a client certificate is among them. */
  'route-closed': (tried: readonly string[]) => withoutRoute(tried),
  /** Requests reach the other color: a reload would move them. */
  'not-loaded-and-elsewhere': (host: string, since: string, disk: Color, reached: Color) => ({
    reason: 'drift',
    message: `The configuration on disk is not the one that Nginx on ${host} has loaded: ${since} disk says ${disk}, and requests through Nginx reach ${reached}.`,
    remedy: { text: `Put back what sends requests to ${reached}; a reload would send them to ${disk}.` },
  }),
  'not-loaded': (host: string, changed: string, unclear: string, command: string) => ({
    reason: 'drift',
    message: `The configuration on disk is not known to be the one that Nginx on ${host} has loaded: ${changed}, and which color requests reach cannot be told, since ${unclear}.`,
    remedy: { text: `Run \`${command} -t\` and \`${command} -s reload\` at a quiet time, or put the files back.` },
  }),
})

function withoutRoute(tried: readonly string[]) {
  return {
    reason: 'verify-unusable',
    message: `No public route can be asked: ${tried.join('; ') || 'no server block uses the upstream'}.`,
    remedy: { text: 'Set `verify-url` to an address that leads through Nginx to the application.' },
  } as const
}

export type NginxCode = keyof typeof nginxRefusals

/** Why the server lines of an upstream cannot be rewritten, or don't say which color is live. */
export const reloadRefusals = refusals({
  'upstream-missing': (upstream: string, names: readonly string[]) => ({
    reason: 'foreign-upstream',
    message: `Nginx has no upstream \`${upstream}\`, nor the pair \`${upstream}_blue\` and \`${upstream}_green\` of a switch. ${names.length === 0 ? 'It has no upstream at all.' : `There is: ${names.join(', ')}.`}`,
    remedy: { text: 'Set `upstream` to the name that the configuration has.' },
  }),
  'upstream-of-neither-color': (block: string, active: readonly string[], colors: string) => ({
    reason: 'foreign-upstream',
    message: `${block} sends traffic to ${active.join(', ') || 'nothing'}, which is neither ${colors}.`,
    remedy: { text: 'Name the right `upstream`, or give `blue-address` and `green-address`.' },
  }),
  'upstream-with-others': (block: string, foreign: readonly string[], colors: string) => ({
    reason: 'foreign-upstream',
    message: `${block} also sends traffic to ${foreign.join(', ')}, which is neither ${colors}.`,
    remedy: { text: 'Take it out of the block.' },
  }),
  'pointers-disagree': (blue: readonly string[], green: readonly string[]) => ({
    reason: 'drift',
    message: `The places that send requests to the application disagree: ${blue.join(', ')} ${blue.length === 1 ? 'leads' : 'lead'} to blue, and ${green.join(', ')} to green.`,
    remedy: { text: 'Make all of them lead to the color that is live, and reload Nginx.' },
  }),
  'upstream-with-nothing': (block: string) => ({
    reason: 'drift',
    message: `${block} has no active server line.`,
    remedy: { text: 'Take `down` from the color that is to be live, and reload Nginx.' },
  }),
  'upstream-of-both-colors': (block: string) => ({
    reason: 'foreign-upstream',
    message: `${block} sends traffic to both colors, and both answer.`,
    remedy: { text: 'Stop the one that is not live, or write `down` at its server line, and reload Nginx.' },
  }),
  'upstream-undecided': (block: string) => ({ reason: 'drift', message: `${block} has both colors active.` }),
  'upstream-names-containers': (names: readonly string[]) => ({
    reason: 'drift',
    message: `The upstream names ${names.map((name) => `\`${name}\``).join(' and ')}, which Nginx cannot resolve while that container is stopped.`,
    remedy: { text: 'Set `previous: keep`, or give each color a fixed `ipv4_address` and name that.' },
  }),
  'file-missing': (fileInNginx: string, file: string) => ({
    reason: 'nginx-file',
    message: `The upstream is in ${fileInNginx}, as Nginx sees it, and there is no ${file} on the proxy host.`,
    remedy: { text: 'Set `nginx-file` to the file on the host.' },
  }),
  'file-in-container': (fileInNginx: string, container: string) => ({
    reason: 'nginx-file',
    message: `The upstream is in ${fileInNginx}, as Nginx sees it, and the container ${container} does not have that from the host, so that a change would be gone with it.`,
    remedy: { text: 'Mount the file, or its folder, from the host.' },
  }),
  'file-not-utf-8': (file: string) => ({
    reason: 'nginx-file',
    message: `${file} holds bytes that are no UTF-8, most likely in a comment.`,
    remedy: { text: 'Put in its place what this prints on the host:', command: `iconv -f latin1 -t utf-8 ${file}` },
  }),
  'file-behind-mount': (file: string, fileInNginx: string, container: string | undefined) => ({
    reason: 'drift',
    message: `${file} on the proxy host is not what Nginx reads as ${fileInNginx}: a file that is mounted alone into a container stays the old one when it is replaced.`,
    remedy: {
      text: `Restart that container once${container === undefined ? '' : ` (docker restart ${container})`}, or correct \`nginx-file\`.`,
    },
  }),
  'link-closed': (link: string, folder: string, user: string) => ({
    reason: 'nginx-file',
    message: `${user} may not turn the link ${link}, by which a flip by reload chooses a color.`,
    remedy: { text: 'Run on the host:', command: `sudo chown ${user} ${folder}` },
  }),
  'file-closed': (file: string, user: string) => ({
    reason: 'nginx-file',
    message: `${user} may not read and write ${file}, which a flip by reload rewrites.`,
    remedy: {
      text: 'Use the switch, which needs no such right; or run on the host:',
      command: `sudo chown ${user} ${file}`,
    },
  }),
})

export type ReloadCode = keyof typeof reloadRefusals

/** What is told of Nginx where a release goes on. */
export const nginxNotices = notices({
  'not-proven-listener': (title: string) => ({
    message: `Not proven: the server block ${title} has no listener that can be asked from the proxy host.`,
    unproven: true,
  }),
  'not-proven-unread': (proxy: string, why: string, marker: string) => ({
    message: `Not proven: Nginx could not be read on ${proxy} (${why}), so that only ${marker} says which color it chooses.`,
    unproven: true,
  }),
  'backed-incomplete': () => ({
    message:
      'The `backed` half of the switch is there but not complete, and is not used: while the new color is watched, its own crash would lose requests.',
  }),
  'backed-missing': () => ({
    message: 'The switch has no `backed` half: while the new color is watched, its own crash would lose requests.',
  }),
  'certificate-unverified': (address: string) => ({
    message: `The certificate of the public route was not verified: it was asked at ${address}.`,
  }),
  'names-resolved-once': (names: readonly string[]) => ({
    message: `Nginx resolves ${names.join(' and ')} when it loads: if the container that serves crashes and comes back at another address, requests fail until Nginx is reloaded.`,
    remedy: {
      text: 'Give each color a fixed `ipv4_address` and name that, or use a variable in `proxy_pass`, with `resolver 127.0.0.11 valid=5s;`.',
    },
  }),
  'file-in-layer': (files: readonly string[], container: string) => ({
    message: `${files.join(', ')} ${files.length === 1 ? 'is' : 'are'} in the container ${container} alone: once that is made again, or restarted if it writes ${files.length === 1 ? 'the file' : 'them'} when it starts, requests go where they went before. The previous color is kept running for that.`,
    remedy: { text: 'Mount the file, or its folder, from the host.' },
  }),
  'color-said': (places: readonly string[]) => ({
    message: `The color is also said by ${places.join(', ')}, which sends no requests, and stays as it is.`,
  }),
  'by-pointers': (positions: readonly string[]) => ({
    message: `Where requests go stands in ${positions.join(', ')}: ${positions.length === 1 ? 'that place is' : 'these places are'} changed, and nothing else.`,
  }),
  'mark-left': (upstream: string, file: string, keeps: boolean) => ({
    message: `An earlier release left the mark \`down\` at a server line of the upstream ${upstream}, in ${file}. ${keeps ? 'It stays, by `previous: keep`.' : 'It is removed once the previous color is stopped.'}`,
  }),
  'both-active': (upstream: string, file: string, keeps: boolean) => ({
    message: `The upstream ${upstream} sends requests to both colors. The idle one is marked \`down\` before it is started, and the flip exchanges the marks; meanwhile Nginx falls back to no other color. ${
      keeps
        ? `\`previous: keep\` leaves the mark at the line of the previous color, in ${file}: two reloads.`
        : 'Once the previous color is stopped the mark is removed: three reloads.'
    }`,
  }),
  'reload-loses-late-requests': (timeout: number) => ({
    message: `A flip by reload: clients that idle for more than ${timeout / 1000} s on a keep-alive connection (\`keepalive_min_timeout\`), and HTTP/2 clients, may lose a request. The switch loses none.`,
  }),
  'reload-loses-requests': (told: string, newer: boolean) => ({
    message: `A flip by reload: on ${told} a reload closes idle keep-alive connections, and clients that send on one just then lose a request.${newer ? '' : ' Before Nginx 1.27.4 there is no setting against that; the switch loses none.'}`,
    ...(newer && {
      remedy: { text: 'Add `keepalive_min_timeout 15s;` to the server block, or use the switch.' } satisfies Remedy,
    }),
  }),
  'changed-alike': (changed: string, along: string) => ({
    message: `${changed} Nginx was loaded, but says the same as before${along}.`,
  }),
  'changed-and-reached': (changed: string, along: string, live: Color) => ({
    message: `${changed} Nginx was loaded${along}. Requests through Nginx reach ${live}, as the disk says.`,
  }),
  'changed-and-unreached': (changed: string, along: string) => ({
    message: `${changed} Nginx was loaded${along}. Neither color gets requests.`,
  }),
  'not-proven-loaded': (why: string) => ({
    message: `Not proven: that Nginx has loaded what \`nginx -T\` shows, since ${why}.`,
    unproven: true,
  }),
})

export type NginxNotice = keyof typeof nginxNotices
