// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are variables of compose

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { parse } from 'yaml'
import type { Severity } from '../../../src/checking/finding.ts'
import { stateRefusals } from '../../../src/custody/refusals.ts'
import { nginxNotices, nginxRefusals } from '../../../src/routers/nginx/refusals.ts'
import { switchRefusals } from '../../../src/routers/nginx/switch/refusals.ts'
import { composeFindings } from '../../../src/runtimes/compose/check/findings.ts'
import { composeNotices, composeRefusals } from '../../../src/runtimes/compose/refusals.ts'
import { choice, documented, marker, pair } from '../routers/nginx/fixtures.ts'
import { BLUE, container, GREEN, port, projectOf } from '../runtimes/compose/fixtures.ts'
import { assertFoundByCodes } from './codes.ts'
import { findings, mended, nginxOf, sceneOf, type Wish } from './context.ts'

const color = { restart: 'always', stop_grace_period: '30s' }
const colors = (more: object, other: object = more) =>
  projectOf({
    app_blue: { image: BLUE, ports: [port('8080')], ...color, ...more },
    app_green: { image: GREEN, ports: [port('8081')], ...color, ...other },
  })
const running = container({ service: 'app_blue', name: 'shop-app_blue-1', image: 'sha256:1' })
const plainPair = `${pair} server { listen 80; ${choice} ${marker} location / { proxy_pass http://$app_upstream/; } }`
const gigabyte = 1024 ** 3

interface Row {
  readonly wish: Wish
  readonly severity: Severity
  readonly title: RegExp
  readonly seen: RegExp
  /** In the text of the mend, or in one of its blocks. */
  readonly mend: RegExp
}

const rows: Readonly<Record<string, Row>> = {
  'no right to use Docker': {
    wish: {
      compose: {
        engine: { kind: 'failed', code: 1, words: 'permission denied while trying to connect to the docker API' },
      },
      refusals: [composeRefusals['docker-silent']('h', 'permission denied')],
    },
    severity: 'problem',
    title: /^deploy may not use Docker$/,
    seen: /permission denied/,
    mend: /^usermod -aG docker deploy$/m,
  },
  'Docker is not running': {
    wish: {
      compose: {
        engine: {
          kind: 'failed',
          code: 1,
          words: 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
        },
      },
      refusals: [composeRefusals['docker-silent']('h', 'Cannot connect')],
    },
    severity: 'problem',
    title: /Docker does not answer/,
    seen: /Cannot connect/,
    mend: /systemctl enable --now docker/,
  },
  'files of the project that belong to root': {
    wish: {
      compose: { project: { kind: 'failed', code: 14, words: 'open /srv/shop/shared/.env: permission denied' } },
      facts: { unreadable: ['/srv/shop/shared/.env', '/srv/shop/shared/.env.app'] },
      refusals: [composeRefusals['compose-file-unread']('h', '/srv/shop', 'permission denied')],
    },
    severity: 'problem',
    title: /^deploy may not read files of the project$/,
    seen: /^Compose cannot read \/srv\/shop\/shared\/\.env\./,
    mend: /^chown deploy \/srv\/shop\/shared\/\.env\nchown deploy \/srv\/shop\/shared\/\.env\.app$/m,
  },
  'no Docker at all': {
    wish: {
      compose: { engine: { kind: 'failed', code: 127, words: 'docker: not found' } },
      refusals: [composeRefusals['docker-silent']('h', 'docker: not found')],
    },
    severity: 'problem',
    title: /Docker is missing/,
    seen: /not found/,
    mend: /docs\.docker\.com/,
  },
  'Compose v1 only': {
    wish: { refusals: [composeRefusals['compose-missing']('h')] },
    severity: 'problem',
    title: /Compose v2 is missing/,
    seen: /is missing on h/,
    mend: /docker-compose-plugin/,
  },
  'another folder': {
    wish: {
      refusals: [composeRefusals['directory-closed']('h', 'The folder /srv/x cannot be entered')],
      facts: { projects: [{ service: 'app_blue', folder: '/srv/shop' }] },
    },
    severity: 'problem',
    title: /no compose file where/,
    seen: /cannot be entered/,
    mend: /^directory: \/srv\/shop$/m,
  },
  'a folder in which the user may not write': {
    wish: { facts: { closed: '/srv/shop' } },
    severity: 'problem',
    title: /may not write next to the compose file/,
    seen: /\/srv\/shop is somebody else/,
    mend: /^chown deploy \/srv\/shop$/m,
  },
  'no flock': {
    wish: { facts: { missingTools: ['flock'] } },
    severity: 'problem',
    title: /Commands are missing/,
    seen: /`flock`/,
    mend: /util-linux/,
  },
  'no state directory': {
    wish: {
      state: { kind: 'missing', user: 'deploy', creatable: false },
      refusals: [stateRefusals['state-missing']('/var/lib/blue-green/app', 'deploy')],
    },
    severity: 'problem',
    title: /state directory is missing/,
    seen: /deploy may not make it/,
    mend: /^install -d -m 0711 -o deploy \/var\/lib\/blue-green\/app$/m,
  },
  'a state directory of somebody else': {
    wish: {
      state: { kind: 'not-ours', user: 'deploy', owner: 'root' },
      refusals: [stateRefusals['state-not-ours']('/x', 'deploy', 'root')],
    },
    severity: 'problem',
    title: /somebody else/,
    seen: /belongs to root/,
    mend: /install -d -m 0711 -o deploy/,
  },
  'a closed folder above it': {
    wish: {
      state: { kind: 'closed', user: 'deploy', folder: '/var/lib/x' },
      refusals: [stateRefusals['state-closed']('/x', 'deploy', '/var/lib/x')],
    },
    severity: 'problem',
    title: /way to the state directory is closed/,
    seen: /pass through \/var\/lib\/x/,
    mend: /^chmod o\+x \/var\/lib\/x$/m,
  },
  'the state directory of another target': {
    wish: {
      refusals: [
        stateRefusals['state-of-other-target']('/x', { upstream: 'a', project: 'b' }, { upstream: 'c', project: 'd' }),
      ],
    },
    severity: 'problem',
    title: /of another target/,
    seen: /belongs to the upstream a/,
    mend: /its own/,
  },
  'a run that holds the target': {
    wish: {
      facts: { holder: { run: 'https://x/1', actor: 'octocat', version: 'v3', command: 'deploy', since: 'noon' } },
    },
    severity: 'problem',
    title: /Another run holds/,
    seen: /the deploy of v3 by octocat since noon \(https:\/\/x\/1\)/,
    mend: /command: unlock/,
  },
  'files of custody that are somebody else’s': {
    wish: { facts: { unwritable: ['/var/lib/blue-green/app/lock'] } },
    severity: 'problem',
    title: /somebody else/,
    seen: /may not write \/var\/lib\/blue-green\/app\/lock/,
    mend: /^chown -R deploy \/var\/lib\/blue-green\/app$/m,
  },
  KillUserProcesses: {
    wish: { facts: { login: { KillUserProcesses: 'yes', KillExcludeUsers: 'root anna' } } },
    severity: 'warning',
    title: /ends what a user leaves running/,
    seen: /KillUserProcesses=yes/,
    mend: /KillExcludeUsers=root anna deploy/,
  },
  SELinux: {
    wish: { facts: { security: { enforcing: true, network: false, label: 'u:object_r:var_lib_t:s0' } } },
    severity: 'warning',
    title: /SELinux/,
    seen: /is off, and the label of .* is u:object_r:var_lib_t:s0/,
    mend: /setsebool -P httpd_can_network_connect on[\s\S]*restorecon -R \/var\/lib\/blue-green\/app/,
  },
  PrivateTmp: {
    wish: { inputs: { 'state-directory': '/tmp/app' }, facts: { unit: { PrivateTmp: 'yes' } } },
    severity: 'warning',
    title: /Nginx cannot see the state directory/,
    seen: /PrivateTmp=yes.*\/tmp\/app/,
    mend: /default state directory/,
  },
  'too little memory': {
    wish: {
      containers: [running],
      facts: { memory: { available: gigabyte, uses: new Map([['shop-app_blue-1', gigabyte]]) } },
    },
    severity: 'warning',
    title: /too little memory/,
    seen: /uses 1024 MB, and 1024 MB are free/,
    mend: /swap/,
  },
  'too little disk': {
    wish: {
      containers: [running],
      facts: {
        images: new Map([['sha256:1', { size: gigabyte, ports: [] }]]),
        disk: { free: gigabyte, folder: '/var/lib/docker' },
      },
    },
    severity: 'warning',
    title: /too little disk/,
    seen: /takes 1024 MB, and 1024 MB are free in \/var\/lib\/docker/,
    mend: /docker image prune/,
  },
  'no restart policy': {
    wish: { project: colors({ restart: undefined }, {}) },
    severity: 'warning',
    title: /Nothing restarts/,
    seen: /^`app_blue` has no restart policy/,
    mend: /app_blue:\n {4}restart: unless-stopped/,
  },
  'a short grace period': {
    wish: { project: colors({ stop_grace_period: '5s' }) },
    severity: 'warning',
    title: /in flight is cut/,
    seen: /`app_blue` and `app_green` are killed 5 s .* `drain-timeout` is 30 s/,
    mend: /stop_grace_period: 30s/,
  },
  'a public port': {
    wish: { project: colors({}, { ports: [port('8081', '0.0.0.0')] }) },
    severity: 'warning',
    title: /open to everybody/,
    seen: /`app_green` publishes its port on every interface/,
    mend: /127\.0\.0\.1:8081:80/,
  },
  'volumes that both write': {
    wish: { project: colors({ volumes: [{ type: 'volume', source: 'data', target: '/data' }] }) },
    severity: 'warning',
    title: /same volumes/,
    seen: /both write to `data`/,
    mend: /:ro/,
  },
  'callers of a color': {
    wish: { facts: { callers: [{ service: 'worker', callee: 'app_blue', variable: 'API_URL' }] } },
    severity: 'warning',
    title: /call a color by its name/,
    seen: /`worker` \(API_URL: `app_blue`\)/,
    mend: /host\.docker\.internal/,
  },
  'an unsafe .env': {
    wish: {
      compose: { readOnly: [{ why: 'deploy may not write in /srv/shop', command: 'sudo chown deploy /srv/shop' }] },
    },
    severity: 'warning',
    title: /`\.env` is not kept true/,
    seen: /may not write in \/srv\/shop/,
    mend: /^chown deploy \/srv\/shop$/m,
  },
  'a color without a port': {
    wish: { project: colors({}, { ports: undefined, expose: ['3000'] }) },
    severity: 'problem',
    title: /no address of its own/,
    seen: /`app_green` publishes no port/,
    mend: /127\.0\.0\.1:\d+:3000/,
  },
  'no right to run Nginx': {
    wish: {
      nginx: { kind: 'unavailable', why: 'permission denied' },
      refusals: [nginxRefusals['nginx-unreadable']('h', 'not allowed', 'deploy')],
    },
    severity: 'problem',
    title: /^deploy may not run Nginx$/,
    seen: /permission denied/,
    mend: /'deploy ALL=\(root\) NOPASSWD: \/usr\/sbin\/nginx -T, \/usr\/sbin\/nginx -t, \/usr\/sbin\/nginx -s reload'/,
  },
  'Nginx does not run': {
    wish: {
      nginx: { ...nginxOf(documented), loaded: { kind: 'not-running' } },
      refusals: [nginxRefusals['nginx-stopped']('h')],
    },
    severity: 'problem',
    title: /Nginx does not run/,
    seen: /no master process/,
    mend: /systemctl enable --now nginx/,
  },
  'Nginx has loaded something else': {
    wish: {
      nginx: { ...nginxOf(documented), loaded: { kind: 'changed-since', master: 1, files: ['/etc/nginx/x.conf'] } },
      refusals: [nginxRefusals['not-loaded']('h', '/etc/nginx/x.conf changed since', 'nobody answers', 'nginx')],
    },
    severity: 'problem',
    title: /has not loaded what is on the disk/,
    seen: /\/etc\/nginx\/x\.conf/,
    mend: /^nginx -t && nginx -s reload$/m,
  },
  'Nginx knows nothing of the application': {
    wish: { nginx: 'include /etc/nginx/conf.d/*.conf;\nserver { listen 80; location / { return 204; } }' },
    severity: 'problem',
    title: /knows nothing of the application/,
    seen: /127\.0\.0\.1:8080 or 127\.0\.0\.1:8081/,
    mend: /cat >\/etc\/nginx\/conf\.d\/app\.conf <<'END'[\s\S]*server_name example\.org;/,
  },
  'a flip by reload': {
    wish: {
      nginx:
        'upstream app { server 127.0.0.1:8080; keepalive 4; }\nserver { listen 80; location / { proxy_set_header Host x; proxy_pass http://app; } }',
    },
    severity: 'advice',
    title: /switch would flip without a reload/,
    seen: /`proxy_pass http:\/\/app` in \/etc\/nginx\/nginx\.conf:\d+ sends requests to 127\.0\.0\.1:8080/,
    mend: /what it sets \(`keepalive 4`\) is not taken over[\s\S]*upstream app_green \{ server 127\.0\.0\.1:8081; \}/,
  },
  'green is live': {
    wish: { nginx: 'server { listen 80; location / { proxy_pass http://127.0.0.1:8081; } }' },
    severity: 'advice',
    title: /switch/,
    seen: /127\.0\.0\.1:8081/,
    mend: /install -d -m 0711 -o deploy \/var\/lib\/blue-green\/app; \} && \{ \[ -e \/var\/lib\/blue-green\/app\/green \][\s\S]*nginx -s reload/,
  },
  'two replicas of each color': {
    wish: { project: colors({ deploy: { replicas: 2 } }) },
    severity: 'problem',
    title: /^The application has several containers$/,
    seen: /^`app_blue` has 2 replicas\. `app_green` has 2 replicas\.$/,
    mend: /One|Run one container/,
  },
  'replicas of a single service, on a range of ports': {
    wish: { project: projectOf({ app: { image: 'app:v1', ...color, scale: 2, ports: [port('3000-3001')] } }) },
    severity: 'problem',
    title: /^The application has several containers$/,
    seen: /^`app` has 2 replicas\. `app` publishes a range of ports \(3000-3001\)\.$/,
    mend: /ports: \["127\.0\.0\.1:3000:80"\]/,
  },
  'an image that a variable names as a whole': {
    wish: {
      project: projectOf({ app: { image: 'lab/app:v1', ...color, ports: [port('3000')] } }),
      text: 'services:\n  app:\n    image: ${APP_IMAGE}\n    ports: ["127.0.0.1:3000:80"]\n',
    },
    severity: 'problem',
    title: /^No version can be chosen$/,
    seen: /^The image of `app`: `\$\{APP_IMAGE\}` takes the whole reference from a variable/,
    mend: /image: lab\/app:\$\{IMAGE_TAG:-v1\}$/,
  },
  'what is built on the host': {
    wish: {
      project: colors({ image: undefined, build: { context: '.' } }),
      text: 'services:\n  app_blue:\n    build: .\n  app_green:\n    build: .\n',
      refusals: [composeRefusals['image-missing']('app_blue', 'x')],
    },
    severity: 'problem',
    title: /built on the host/,
    seen: /`app_blue` and `app_green` have `build`, and no `image`/,
    mend: /^ {4}image: ghcr\.io\/<owner>\/<name>:\$\{IMAGE_TAG_BLUE:-\$\{IMAGE_TAG:-latest\}\}/m,
  },
  'a single service in the network of the host': {
    wish: {
      project: projectOf({ app: { image: 'app:v1', network_mode: 'host' } }),
      text: 'services:\n  app:\n    image: app:v1\n    network_mode: host\n',
      refusals: [composeRefusals['colors-missing']('shop', '`app_blue` and `app_green`', 'none')],
    },
    severity: 'problem',
    title: /no network of its own/,
    seen: /`app` has `network_mode: host`/,
    mend: /ports: \["127\.0\.0\.1:8080:/,
  },
  'a sidecar in the network of a color': {
    wish: { project: colors({ network_mode: 'service:vpn' }, {}) },
    severity: 'problem',
    title: /no network of its own/,
    seen: /`app_blue` has `network_mode: service:vpn`/,
    mend: /blue-address/,
  },
  'a service that links to a color': {
    wish: {
      text: 'services:\n  app_blue: { image: a }\n  app_green: { image: a }\n  worker: { image: w, links: ["app_blue:app"], network_mode: "service:app_green" }\n',
    },
    severity: 'warning',
    title: /tied to a color/,
    seen: /`worker` has `links` to `app_blue`, `worker` has `network_mode` to `app_green`/,
    mend: /Take `links` out[\s\S]*one for blue and one for green/,
  },
  'a pass that only a request decides': {
    wish: {
      nginx: 'server { location / { proxy_pass http://$http_x_backend; } }',
      placed: true,
    },
    severity: 'problem',
    title: /only a request knows/,
    seen: /`proxy_pass http:\/\/\$http_x_backend` in \/etc\/nginx\/nginx\.conf:\d+/,
    mend: /write its address there in place of the variable/,
  },
  'half a switch': {
    wish: {
      nginx:
        'upstream app_blue { server 127.0.0.1:8080; }\nserver { listen 80; location / { proxy_pass http://app_blue; } }',
      refusals: [switchRefusals['switch-without-upstream']('app_green')],
      placed: true,
    },
    severity: 'problem',
    title: /switch is not complete/,
    seen: /`app_green` of the switch is missing/,
    mend: /upstream app_green \{ server 127\.0\.0\.1:8081; \}/,
  },
  'a URI part behind a variable': {
    wish: { nginx: plainPair },
    severity: 'warning',
    title: /variable and a URI part/,
    seen: /has the URI part `\/`/,
    mend: /rewrite \^\/\(\.\*\)\$ \/\$1 break;/,
  },
  'no worker_shutdown_timeout': {
    wish: {
      nginx: {
        ...nginxOf(documented),
        configuration: { ...nginxOf(documented).configuration, main: nginxOf(documented).configuration.main.slice(1) },
      },
    },
    severity: 'advice',
    title: /Old workers/,
    seen: /not set/,
    mend: /^worker_shutdown_timeout 60s;$/m,
  },
  'a file that is mounted by itself': {
    wish: {
      inputs: { nginx: 'docker exec proxy nginx' },
      nginx: {
        ...nginxOf(documented),
        container: {
          name: 'proxy',
          pid: 1,
          hostNetwork: true,
          ports: [],
          mounts: [
            { source: '/srv/nginx/nginx.conf', destination: '/etc/nginx/nginx.conf' },
            { source: '/var/lib/blue-green', destination: '/var/lib/blue-green' },
          ],
        },
      },
    },
    severity: 'warning',
    title: /mounted by itself/,
    seen: /\/srv\/nginx\/nginx\.conf is mounted as \/etc\/nginx\/nginx\.conf in the container proxy/,
    mend: /folder that holds nothing else.*`\.\/nginx:\/etc\/nginx:ro`/,
  },
  'a refusal that has no finding of its own': {
    wish: { refusals: [switchRefusals['switch-folder-closed']('nginx', '/x', 'root', '0700')] },
    severity: 'problem',
    title: /needs it to be/,
    seen: /cannot pass through/,
    mend: /^chmod o\+x \/x$/m,
  },
  'what a deploy would warn of': {
    wish: { warnings: [composeNotices['dependency-ended']('db', 3, 'shop-db-1')] },
    severity: 'warning',
    title: /Good to know/,
    seen: /`db` ended with 3/,
    mend: /./,
  },
  'what a deploy would note': {
    wish: { notes: [nginxNotices['not-proven-loaded']('nobody knows')] },
    severity: 'advice',
    title: /could not be proven/,
    seen: /nobody knows/,
    mend: /./,
  },
}

describe('each finding says what was seen and how it is mended, and is the only one', () => {
  for (const [title, { wish, ...row }] of Object.entries(rows)) {
    test(title, () => {
      const all = findings(wish)
      const [found, ...others] = all
      assert.ok(found && others.length === 0, JSON.stringify(all, null, 2))
      assert.equal(found.severity, row.severity)
      assert.match(found.title, row.title)
      assert.match(found.seen, row.seen)
      assert.notEqual(found.why, '')
      assert.match([found.fix.text, ...found.fix.blocks.map(({ text }) => text)].join('\n'), row.mend)
    })
    test(`${title}: found by its code, and not by its words`, () => assertFoundByCodes(findings, wish))
  }

  test('nothing is found where nothing is wrong', () => assert.deepEqual(findings({}), []))
})

describe('what is not a finding', () => {
  const quiet: Readonly<Record<string, Wish>> = {
    'KillUserProcesses, with this user exempt': {
      facts: { login: { KillUserProcesses: 'yes', KillExcludeUsers: 'root deploy' } },
    },
    'KillUserProcesses=no': { facts: { login: { KillUserProcesses: 'no' } } },
    'SELinux that allows both': {
      facts: { security: { enforcing: true, network: true, label: 'u:object_r:httpd_sys_content_t:s0' } },
    },
    'SELinux that only warns': { facts: { security: { enforcing: false, network: false, label: '' } } },
    'PrivateTmp, and a state directory elsewhere': { facts: { unit: { PrivateTmp: 'yes', ProtectHome: 'yes' } } },
    'a state directory that can be made': { state: { kind: 'missing', user: 'deploy', creatable: true } },
    'memory for two': {
      containers: [running],
      facts: { memory: { available: 2 * gigabyte, uses: new Map([['shop-app_blue-1', gigabyte]]) } },
    },
    'a short grace period of a color that is kept': {
      project: colors({ stop_grace_period: '5s' }),
      inputs: { previous: 'keep' },
    },
    'a short drain': { project: colors({ stop_grace_period: '5s' }), inputs: { 'drain-timeout': '5s' } },
    'a volume that one only reads': {
      project: colors(
        { volumes: [{ type: 'volume', source: 'data', target: '/data' }] },
        { volumes: [{ type: 'volume', source: 'data', target: '/data', read_only: true }] },
      ),
    },
    'a color that calls itself': {
      facts: { callers: [{ service: 'app_green', callee: 'app_blue', variable: 'PEER' }] },
    },
  }
  for (const [title, wish] of Object.entries(quiet)) test(title, () => assert.deepEqual(findings(wish), []))
})

describe('changes of one file', () => {
  const text = 'services:\n  app_blue:\n    image: x\n    ports: ["8080:80"]\n  app_green:\n    image: y\n'
  const project = colors(
    { restart: undefined, stop_grace_period: undefined, ports: [port('8080', '')] },
    { restart: undefined },
  )

  test('are one block, which the others point to', () => {
    const all = findings({ text, project })
    assert.deepEqual(
      all.map(({ fix }) => fix.blocks.length),
      [1, 0, 0],
    )
    assert.ok(all.slice(1).every(({ fix }) => fix.text.endsWith('The block above that changes the same file does it.')))
    const mine = mended(composeFindings(sceneOf({ text, project }), undefined))
    assert.deepEqual(parse(mine).services, {
      app_blue: { restart: 'unless-stopped', stop_grace_period: '30s', image: 'x', ports: ['127.0.0.1:8080:80'] },
      app_green: { restart: 'unless-stopped', image: 'y' },
    })
  })

  test('what is needed does not bring along what may be wished otherwise', () => {
    const refusals = [composeRefusals['image-without-variable']('app_blue', 'x', 'A', 'B', 'y')]
    const literal = projectOf({
      app_blue: { image: 'x:1', ports: [port('8080')], stop_grace_period: '30s' },
      app_green: { image: 'y:1', ports: [port('8081')], stop_grace_period: '30s' },
    })
    const all = findings({ text, project: literal, refusals })
    assert.deepEqual(
      all.map(({ severity, fix }) => [severity, fix.blocks.length]),
      [
        ['problem', 1],
        ['warning', 0],
      ],
    )
    assert.match(all[1]?.fix.text ?? '', /prints the block for it once the file above is mended/)
    assert.ok(!all[0]?.fix.blocks[0]?.text.includes('restart'))
  })
})
