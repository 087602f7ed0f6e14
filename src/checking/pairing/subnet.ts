/** The first `10.x.y.0/24` that overlaps with none of these; undefined where there is none. */
export function freeSubnet(taken: readonly string[]): string | undefined {
  const ranges = taken.flatMap((each) => rangeOf(each) ?? [])
  for (let second = 201; second < 255; second++) {
    for (let third = 0; third < 256; third++) {
      const subnet = `10.${second}.${third}.0/24`
      const wanted = rangeOf(subnet)
      if (wanted && ranges.every(({ from, to }) => to < wanted.from || from > wanted.to)) return subnet
    }
  }
  return undefined
}

/** Whether an IPv4 address is in a subnet. */
export function isInSubnet(address: string, subnet: string): boolean {
  const [range, one] = [rangeOf(subnet), numberOf(address)]
  return range !== undefined && one !== undefined && one >= range.from && one <= range.to
}

/** Undefined where it is no IPv4 subnet. */
function rangeOf(subnet: string): { readonly from: number; readonly to: number } | undefined {
  const [address = '', bits = '32'] = subnet.split('/')
  const number = numberOf(address)
  if (number === undefined || !/^\d+$/.test(bits)) return undefined
  const size = 2 ** (32 - Number(bits))
  const from = Math.floor(number / size) * size
  return { from, to: from + size - 1 }
}

function numberOf(address: string): number | undefined {
  const bytes = address.split('.').map(Number)
  if (bytes.length !== 4 || bytes.some((byte) => !Number.isInteger(byte) || byte < 0 || byte > 255)) return undefined
  return bytes.reduce((sum, byte) => sum * 256 + byte, 0)
}
