import { type Color, type Place, placeAt } from '../release/model.ts'
import type { ColorServices } from '../runtimes/runtime.ts'

/** Where each color is reached by a router that does not say it: as the user says, else as the runtime does. */
export function placesOf(
  services: ColorServices,
  given: Readonly<Partial<Record<Color, string>>>,
): Readonly<Partial<Record<Color, Place>>> {
  const of = (color: Color): Place | undefined => {
    const written = given[color]
    return written === undefined ? services[color].places[0] : placeAt(written)
  }
  const [blue, green] = [of('blue'), of('green')]
  return { ...(blue && { blue }), ...(green && { green }) }
}
