/** Whether a host is the one that asks. IPv6 with brackets or without. */
export function isLoopback(host: string): boolean {
  return /^(127\.|\[?::1\]?$|localhost$)/.test(host)
}
