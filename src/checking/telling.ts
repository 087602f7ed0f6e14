import { type Notice, sentence } from '../base/notice.ts'

/** Those of the refusals, or of the notices, that have one of these codes. */
export function withCode<Code extends string>(all: readonly Notice[], ...codes: readonly Code[]): readonly Notice[] {
  return all.filter(({ code }) => codes.some((each) => each === code))
}

/** All of them for a person. */
export function sentencesOf(all: readonly Notice[]): string {
  return all.map(sentence).join(' ')
}
