import type { Color } from '../../../release/model.ts'
import { refusals } from '../../../release/reasons.ts'
import { markerPath } from './server.ts'

/** Why a switch cannot be trusted: each would make a flip lie, or leave it without effect. */
export const switchRefusals = refusals({
  'switch-none': (upstream: string) => ({
    reason: 'drift',
    message: `Nginx has no pair of upstreams \`${upstream}_blue\` and \`${upstream}_green\`.`,
    remedy: { text: 'Set `upstream`, or `flip: reload`.' },
  }),
  'switch-without-upstream': (name: string) => ({
    reason: 'drift',
    message: `The upstream \`${name}\` of the switch is missing.`,
  }),
  'switch-with-several-servers': (upstream: string, addresses: readonly string[]) => ({
    reason: 'drift',
    message: `The upstream \`${upstream}\` of the switch needs exactly one server line, and has ${addresses.join(', ') || 'none'}.`,
  }),
  'switch-with-one-address': (address: string) => ({
    reason: 'drift',
    message: `Both colors' upstreams of the switch name ${address}.`,
    remedy: { text: 'Give each its own.' },
  }),
  'switch-unused': () => ({
    reason: 'drift',
    message: 'No server block passes requests to the upstream that the switch file chooses.',
  }),
  'switch-inverted': (server: string, file: string) => ({
    reason: 'drift',
    message: `The server block ${server} chooses green without a file, and blue by ${file}; it must be the other way round.`,
  }),
  'switch-file-misnamed': (server: string, file: string) => ({
    reason: 'drift',
    message: `The server block ${server} asks for ${file}; the switch file must be called \`green\`.`,
  }),
  'switch-files-differ': (files: readonly string[]) => ({
    reason: 'drift',
    message: `Server blocks ask for different switch files: ${files.join(', ')}; all must ask for the same.`,
  }),
  'switch-bypassed': (written: string) => ({
    reason: 'drift',
    message: `${written} goes round the switch.`,
    remedy: { text: 'Pass to the variable that the switch sets, as the other locations do.' },
  }),
  'switch-resolved-once': (names: readonly string[]) => ({
    reason: 'drift',
    message: `The upstreams of the colors name ${names.map((name) => `\`${name}\``).join(' and ')}, which Nginx resolves only when it loads: after a new start of the container somebody else may sit at the old address.`,
    remedy: {
      text: 'Publish the port on 127.0.0.1 and name that address, or give the service an `ipv4_address`, or add `resolve` (Nginx 1.27.3 and later).',
    },
  }),
  'marker-missing': (server: string, line: string) => ({
    reason: 'drift',
    message: `The server block ${server} uses the switch without \`${markerPath}\`, so that no flip of it could be proven.`,
    remedy: { text: `Add: ${line}` },
  }),
  'marker-wrong': (server: string, says: string, line: string) => ({
    reason: 'drift',
    message: `\`${markerPath}\` of the server block ${server} does not say which upstream it chooses (\`return ${says}\`).`,
    remedy: { text: `Write: ${line}` },
  }),
  'marker-hidden': (server: string, by: string) => ({
    reason: 'drift',
    message: `\`${by}\` in the server block ${server} answers before \`${markerPath}\` can.`,
    remedy: { text: 'Put it into a `location / { … }`.' },
  }),
  'marker-unreachable': (why: readonly string[], inContainer: boolean) => ({
    reason: 'drift',
    message: `No listener of a server block with the switch can be asked from the proxy host, so that no flip could be proven${why.length > 0 ? `: ${why.join('; ')}` : ''}.`,
    remedy: { text: inContainer ? 'Publish its port on 127.0.0.1 of the host.' : 'Add `listen 127.0.0.1:…` to it.' },
  }),
  'switch-cached': (server: string, cache: string) => ({
    reason: 'drift',
    message: `\`open_file_cache ${cache}\` holds in the server block ${server}, so that Nginx would not notice a flip.`,
    remedy: { text: 'Add `open_file_cache off;` to that server block.' },
  }),
  'switch-folder-unmounted': (inNginx: string, container: string, directory: string) => ({
    reason: 'drift',
    message: `Nginx looks for the switch files in ${inNginx} of its container ${container}, which is not mounted from the host.`,
    remedy: {
      text: `Mount the state directory there (\`volumes: ["${directory}:${inNginx}:ro"]\`), and recreate that container once.`,
    },
  }),
  'switch-folder-differs': (asked: string, directory: string) => ({
    reason: 'drift',
    message: `Nginx looks for the switch files in ${asked}, and the state directory is ${directory}.`,
    remedy: { text: `Set \`state-directory: ${asked}\`, or change the configuration.` },
  }),
  'switch-folder-closed': (worker: string, folder: string, owner: string, mode: string) => ({
    reason: 'drift',
    message: `The Nginx workers (user ${worker}) cannot pass through ${folder} (owner ${owner}, mode ${mode}), so that they would never see the switch file.`,
    remedy: { text: 'Run:', command: `sudo chmod o+x ${folder}` },
  }),
  'switch-silent': (server: string, why: string) => ({
    reason: 'drift',
    message: `The server block ${server} does not say which color it chooses. ${why}.`,
  }),
  'switch-unasked': () => ({ reason: 'drift', message: 'No server block can be asked for `/.blue-green`.' }),
  'switch-disagrees': (first: string, color: string, second: string, other: string) => ({
    reason: 'foreign-upstream',
    message: `The server block ${first} chooses ${color}, and ${second} chooses ${other}.`,
  }),
  'switch-file-contradicts': (present: boolean, live: Color) => ({
    reason: 'drift',
    message: `The switch file \`green\` ${present ? 'is there' : 'is not there'}, and Nginx says that ${live} is live. Nginx looks for it in another folder, or its workers cannot pass through one on the way to it.`,
    remedy: {
      text: 'Run `sudo chmod o+x` for each of them, and see that Nginx runs without `PrivateTmp` and in the same container or host.',
    },
  }),
})

export type SwitchCode = keyof typeof switchRefusals
