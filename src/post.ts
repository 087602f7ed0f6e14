import { getInput, getState, warning } from '@actions/core'
import { finishInPost } from './github/wiring.ts'
import { redaction } from './redaction.ts'
import { secretInputs } from './secrets.ts'

/** Says what a run that was killed may have left; a run that ended itself has said everything. */
if (getState('began') !== '' && getState('ended') === '') {
  warning(
    `The release to ${getState('began')} was ended from outside before it could put things right. ` +
      'See what serves now: the next release starts from what Nginx says is live.',
  )
}
for (const sentence of await finishInPost(redaction(secretInputs(getInput)))) warning(sentence)
