// Lets MDN's observatory look at `localhost`, by its own code, and prints what it found. Arguments: the port of http, the
// port of https, and a path.

import { ALL_TESTS } from '@mdn/mdn-http-observatory/src/constants.js'
import { MINIMUM_SCORE_FOR_EXTRA_CREDIT } from '@mdn/mdn-http-observatory/src/grader/charts.js'
import { getGradeForScore, getScoreModifier } from '@mdn/mdn-http-observatory/src/grader/grader.js'
import { retrieve } from '@mdn/mdn-http-observatory/src/retriever/retriever.js'

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
