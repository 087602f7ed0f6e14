import { lines, sh } from '../../host/quote.ts'
import type { Inputs } from '../../inputs/inputs.ts'
import { type Assessment, refusal, usable } from '../../release/assessment.ts'
import { COLORS, type Color } from '../../release/model.ts'
import { placesOf } from '../place.ts'
import type { RouterAdapter, RouterContext, RouterFacts } from '../router.ts'
import { routeByUrl } from '../verify-url.ts'
import { redisRefusals } from './refusals.ts'
import { redisRouter } from './router.ts'
import { askRedis, type RedisServer } from './server.ts'

/** A key in Redis that holds `blue` or `green`. */
export const redis: RouterAdapter = {
  name: 'redis',
  questions: (inputs) => {
    const { key, ...server } = serverOf(inputs)
    return { before: sh``, parts: { redis: lines(askRedis(server, ['GET', key]), sh`printf '%s\n' "$value"`) } }
  },
  read: ({ redis: said }) => ({
    changing: false,
    assess: (context) =>
      said?.code === 0
        ? assess(said.stdout.trim(), context)
        : refusal(redisRefusals['redis-silent'](context.host, said?.stderr.split('\n').at(-1) || 'it said nothing')),
  }),
}

function serverOf({ router, application }: Inputs): RedisServer & { readonly key: string } {
  if (router.kind !== 'redis') throw new TypeError('This is for the router `redis`.')
  const { command, key, password } = router
  return { command, key, directory: application.directory, ...(password !== undefined && { password }) }
}

function assess(value: string, { host, inputs, services }: RouterContext): Assessment<RouterFacts> {
  const server = serverOf(inputs)
  const addresses = placesOf(services, inputs.nginx.addresses)
  const missing = COLORS.filter((color) => addresses[color] === undefined)
  if (missing.length > 0) return refusal(...missing.map((color) => redisRefusals['redis-color-nowhere'](color)))
  if (!isColor(value) && value !== '') return refusal(redisRefusals['redis-no-color'](host, server.key, value))
  const { blue, green } = addresses
  if (blue === undefined || green === undefined) return refusal()
  const { url } = inputs.route
  const route = url && routeByUrl(url, host, { status: inputs.health.route })
  return usable(
    {
      router: () => redisRouter({ ...server, was: value }),
      addresses: { blue, green },
      ...(route?.value && { route: route.value }),
      sent: {},
      confirm: async () => ({ refusals: [], notes: [] }),
      notes: () => [],
    },
    route?.notes ?? [],
  )
}

function isColor(value: string): value is Color {
  return COLORS.some((color) => color === value)
}
