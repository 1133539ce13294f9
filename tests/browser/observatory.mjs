// Lets MDN's observatory look at `localhost`, by its own code, and prints what it found. Arguments: the port of http, the
// port of https, and a path.

import { writeFile } from 'node:fs/promises'
import { ALL_TESTS } from '@mdn/mdn-http-observatory/src/constants.js'
import { MINIMUM_SCORE_FOR_EXTRA_CREDIT } from '@mdn/mdn-http-observatory/src/grader/charts.js'
import { getGradeForScore, getScoreModifier } from '@mdn/mdn-http-observatory/src/grader/grader.js'
import { retrieve } from '@mdn/mdn-http-observatory/src/retriever/retriever.js'

// The package would fetch the list of hosts that browsers know as https from outside. `localhost` is in no such list, so an
// empty one says the same.
const list = new URL('../conf/hsts-preload.json', import.meta.resolve('@mdn/mdn-http-observatory/src/scan.js'))
try {
  await writeFile(list, '{}', { flag: 'wx' })
} catch (error) {
  if (error.code !== 'EEXIST') throw error
}

const [httpPort, httpsPort, path] = process.argv.slice(2)
const retrieved = await retrieve('localhost', { httpPort: Number(httpPort), httpsPort: Number(httpsPort), path })
if (!retrieved.responses.auto?.verified) throw new Error('the site does not answer over https')

// As `scan` of the package does it, which itself takes no ports.
const results = ALL_TESTS.map((judge) => judge(retrieved))
const modifiers = results.map(({ result }) => getScoreModifier(result))
const sum = (numbers) => numbers.reduce((total, number) => total + number, 0)
const plain = 100 + sum(modifiers.filter((modifier) => modifier < 0))
const score = plain >= MINIMUM_SCORE_FOR_EXTRA_CREDIT ? 100 + sum(modifiers) : plain
const failed = results.filter(({ pass }) => !pass).map((result) => `${result.constructor.name}: ${result.result}`)
console.log(JSON.stringify({ ...getGradeForScore(score), failed, ran: results.length }))
