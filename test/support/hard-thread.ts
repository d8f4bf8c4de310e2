import { answerFromThread } from '../../src/gateways/threads.ts'

/** Does what strangers make a program do. */
answerFromThread<string, string>((input) => {
  if (input === 'turn for ever') for (;;);
  if (input === 'take all memory') {
    const kept: number[][] = []
    for (;;) kept.push(Array.from({ length: 100_000 }, (_, n) => n))
  }
  if (input === 'fail') throw new RangeError('it cannot be done')
  return `${input}, in ${process.env.PATH === undefined ? 'a bare' : 'our'} environment`
})
