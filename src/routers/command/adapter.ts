import { lines, sh } from '../../host/quote.ts'
import type { Inputs } from '../../inputs/inputs.ts'
import { type Assessment, refusal, usable } from '../../release/assessment.ts'
import { COLORS, type Color } from '../../release/model.ts'
import { placesOf } from '../place.ts'
import type { RouterAdapter, RouterContext, RouterFacts } from '../router.ts'
import { routeByUrl } from '../verify-url.ts'
import { commandRefusals } from './refusals.ts'
import { askLive, type Commands, commandRouter } from './router.ts'

/** Commands of the user: one says which color is live, and another one moves requests. */
export const command: RouterAdapter = {
  name: 'command',
  questions: (inputs) => ({
    before: sh``,
    parts: { live: lines(askLive(commandsOf(inputs)), sh`printf '%s\n' "$live"`) },
  }),
  read: ({ live: said }) => ({
    changing: false,
    assess: (context) =>
      said?.code === 0
        ? assess(said.stdout.trim(), context)
        : refusal(commandRefusals['live-command-failed'](context.host, lastLine(said?.stderr))),
  }),
}

function lastLine(text = ''): string {
  return text.trim().split('\n').at(-1)?.replace(/\.$/, '') || 'it said nothing'
}

function commandsOf({ router, application: { directory } }: Inputs): Omit<Commands, 'was'> {
  if (router.kind !== 'command') throw new TypeError('This is for the router `command`.')
  return { directory, live: router.live, flip: router.flip }
}

function assess(printed: string, { host, inputs, services }: RouterContext): Assessment<RouterFacts> {
  const addresses = placesOf(services, inputs.nginx.addresses)
  const missing = COLORS.filter((color) => addresses[color] === undefined)
  if (missing.length > 0) return refusal(...missing.map((color) => commandRefusals['command-color-nowhere'](color)))
  if (!isColor(printed) && printed !== '') return refusal(commandRefusals['live-command-no-color'](host, printed))
  const { blue, green } = addresses
  if (blue === undefined || green === undefined) return refusal()
  const { url } = inputs.route
  const route = url && routeByUrl(url, host, { status: inputs.health.route })
  return usable(
    {
      router: () => commandRouter({ ...commandsOf(inputs), was: printed }),
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
