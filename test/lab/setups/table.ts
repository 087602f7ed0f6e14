/** A set-up of the field that is released as it is: a test, and a row of the documentation. */
export interface SetupRow {
  /** How the owner's compose files tell the colors apart. */
  readonly colors: string
  readonly nginx: string
  /** What the owner's script changes to move requests. */
  readonly moves: string
  readonly image: string
  /** The files that hold where requests go: all that a release changes of the owner's files. */
  readonly pointers: readonly string[]
}

const HOST = 'on the host'
const CONTAINER = 'in a container'
const BUILT = 'built on the host'
const LATEST = '`:latest`'
const VARIABLE = 'one variable for both colors'

/** By the name of the folder that has its files, and the script of its owner. */
export const setups: Readonly<Record<string, SetupRow>> = {
  'a-set': {
    colors: 'a project and a file for each color, the same service in both',
    nginx: HOST,
    moves: '`set $service_url http://…;` in an included file of root',
    image: 'no tag',
    pointers: ['/etc/nginx/conf.d/service-url.inc'],
  },
  'a-lines-build': {
    colors: 'a project and a file for each color, the same service in both',
    nginx: HOST,
    moves: 'nothing: the lines of both colors stay',
    image: BUILT,
    pointers: [],
  },
  'a-lb-build': {
    colors: 'a project and a file for each color, the same service in both',
    nginx: `${CONTAINER} that reaches ports of the host`,
    moves: 'the whole `nginx.conf`, mounted alone',
    image: BUILT,
    pointers: ['/home/deploy/shop/nginx/lb.conf'],
  },
  'c-set': {
    colors: 'two files of one project',
    nginx: HOST,
    moves: '`set $service_url http://…;` in an included file of root',
    image: VARIABLE,
    pointers: ['/etc/nginx/conf.d/service-url.inc'],
  },
  'c-lines-build': {
    colors: 'two files of one project',
    nginx: HOST,
    moves: 'nothing: the lines of both colors stay',
    image: BUILT,
    pointers: [],
  },
  'c-line-build': {
    colors: 'two files of one project',
    nginx: CONTAINER,
    moves: 'the server line of an upstream, with the name of a container',
    image: BUILT,
    pointers: ['/home/deploy/shop/nginx/conf.d/upstream.conf'],
  },
  'd-include': {
    colors: 'two services in one file',
    nginx: HOST,
    moves: 'a one-line file that the upstream includes',
    image: LATEST,
    pointers: ['/etc/nginx/shop_active_backend.inc'],
  },
  'd-symlink': {
    colors: 'two services in one file',
    nginx: HOST,
    moves: 'a symlink between two upstream files',
    image: VARIABLE,
    pointers: [],
  },
  'd-colortag': {
    colors: 'two services in one file',
    nginx: HOST,
    moves: 'the server line of the active upstream, next to one for each color',
    image: '`BLUE_TAG` and `GREEN_TAG`',
    // Both colors have a variable of their own, so that `.env` is kept true.
    pointers: ['/etc/nginx/conf.d/shop.conf', '/home/deploy/shop/.env'],
  },
  'd-conf-names': {
    colors: 'services `blue` and `green`',
    nginx: CONTAINER,
    moves: 'the whole configuration, with the name of a container in `proxy_pass`',
    image: VARIABLE,
    pointers: ['/home/deploy/shop/nginx/conf.d/service.conf'],
  },
  'd-file-latest': {
    colors: 'two services in one file',
    nginx: CONTAINER,
    moves: 'the file of an upstream, mounted alone',
    image: LATEST,
    pointers: ['/home/deploy/shop/nginx/backend_upstream.conf'],
  },
  'd-set-build': {
    colors: 'services `blue` and `green`',
    nginx: CONTAINER,
    moves: '`set $service_url http://blue:8080;`',
    image: BUILT,
    pointers: ['/home/deploy/shop/nginx/conf.d/service-url.inc'],
  },
  'd-set-ref': {
    colors: 'two services in one file',
    nginx: CONTAINER,
    moves: '`set $service_url app-blue:8080;`, the file mounted alone',
    image: 'the whole reference in a variable',
    pointers: ['/home/deploy/shop/nginx/service-url.inc'],
  },
  'd-pass-cp': {
    colors: 'services `blue` and `green`',
    nginx: `${CONTAINER} without mounts`,
    moves: 'the configuration, put there by `docker cp`',
    image: LATEST,
    pointers: [],
  },
  'e-pass': {
    colors: 'services `blue` and `green`, behind a profile',
    nginx: HOST,
    moves: 'the address in `proxy_pass`, in several locations',
    image: LATEST,
    pointers: ['/etc/nginx/sites-enabled/shop'],
  },
  'd-template-build': {
    colors: 'two services in one file',
    nginx: `${CONTAINER} that renders a template when it starts`,
    moves: 'the variable of the template; the container is made again',
    image: BUILT,
    pointers: [],
  },
  'e-slot-ref': {
    colors: 'two services in one file, green behind a profile',
    nginx: CONTAINER,
    moves: 'a rendered file: `set $upstream_host site-blue;`',
    image: 'a whole reference for each color',
    pointers: ['/home/deploy/shop/nginx/conf.d/site.conf'],
  },
}
