import { notices } from '../base/notice.ts'
import type { Color } from '../release/model.ts'
import { refusals } from '../release/reasons.ts'

/** Why a router cannot lead to a color, whose place the runtime has to tell. */
export const placeRefusals = refusals({
  'color-nowhere': (color: Color) => ({
    reason: 'drift',
    message: `The compose file does not say where Nginx reaches ${color}.`,
    remedy: { text: `Publish one port of its service on 127.0.0.1, or set \`${color}-address\`.` },
  }),
  'color-nowhere-in-container': (color: Color) => ({
    reason: 'drift',
    message: `Nothing says where Nginx, in its container, reaches ${color}.`,
    remedy: {
      text: `Write the service's name or its fixed \`ipv4_address\` into the server line, or set \`${color}-address\`.`,
    },
  }),
})

export type PlaceCode = keyof typeof placeRefusals

/** What is told of the public route that the user names. */
export const routeNotices = notices({
  'certificate-unverified-loopback': (host: string) => ({
    message: `The certificate of ${host} was not verified: it is a loopback address.`,
  }),
})
