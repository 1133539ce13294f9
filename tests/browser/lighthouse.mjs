// What Lighthouse says of the pages that matter most, on a phone and on a computer, as one table;
// below it, each audit that costs a point. `tests/lighthouse` starts this.
//
//     SIGNPOST_URL=http://127.0.0.1:8080 node tests/browser/lighthouse.mjs [RUNS]
//
// RUNS: how often each page is looked at; the run whose performance is the median is shown. Ends
// with 1 when anything but performance is below 100. Performance depends on the machine and on
// what else it does, so it is only shown.
//
// An answer to a posted form has no address. Lighthouse can watch a navigation that somebody else
// starts: the form is filled before, and sending it is the navigation.

import lighthouse, { desktopConfig, navigation } from 'lighthouse'
import puppeteer from 'puppeteer-core'
import { browserArguments, browserProgram, origin } from './site.mjs'

/**
 * `reach` fills the form and gives what sends it; pages without it are opened by their address.
 * `unlisted`: search engines are told to leave the page out, on purpose.
 */
const PAGES = [
  { name: 'home', path: '/' },
  { name: 'article', path: '/articles/sciatica' },
  { name: 'checker', path: '/symptoms/lower-back-pain' },
  { name: 'questions', path: '/symptoms/lower-back-pain', reach: toQuestions, unlisted: true },
  { name: 'result', path: '/symptoms/lower-back-pain', reach: toResult, unlisted: true },
  { name: 'booking', path: '/book/back-pain-visit' },
  { name: 'request form', path: '/book/back-pain-visit', reach: toRequestForm, unlisted: true },
  { name: 'search', path: '/search?q=back+pain', unlisted: true },
]

const DEVICES = [
  { device: 'mobile', config: undefined },
  { device: 'desktop', config: desktopConfig },
]

const CATEGORIES = [
  ['performance', 'performance'],
  ['accessibility', 'accessibility'],
  ['best-practices', 'best practices'],
  ['seo', 'SEO'],
]

/** The audit that says that search engines are told to leave a page out. */
const LISTED = 'is-crawlable'

const runs = Number(process.argv[2] ?? 1)
if (!Number.isInteger(runs) || runs < 1) {
  console.error('usage: node tests/browser/lighthouse.mjs [RUNS]')
  process.exit(2)
}

const browser = await puppeteer.launch({
  executablePath: browserProgram,
  // As Playwright does it for the other tests: the sandbox does not start for root or in most containers.
  args: ['--no-sandbox', ...browserArguments],
})
let reports
try {
  reports = await reportAll()
} finally {
  await browser.close()
}
console.log(table(reports))
console.log(costs(reports))
process.exitCode = reports.some(isFaulty) ? 1 : 0

/** The report of each page on each device, in the order of PAGES. */
async function reportAll() {
  const all = []
  for (const page of PAGES) {
    for (const { device, config } of DEVICES) {
      all.push({ page, device, result: await median(page, config) })
      if (process.stderr.isTTY) process.stderr.write(`\r${all.length} of ${PAGES.length * DEVICES.length} `)
    }
  }
  if (process.stderr.isTTY) process.stderr.write('\r')
  return all
}

/** Of `runs` looks at a page, the one with the median performance. */
async function median(page, config) {
  const results = []
  for (let run = 0; run < runs; run += 1) results.push(await look(page, config))
  results.sort((left, right) => left.categories.performance.score - right.categories.performance.score)
  return results[Math.floor(results.length / 2)]
}

/** One look with a browser that has seen nothing of the site before. */
async function look({ name, path, reach }, config) {
  const context = await browser.createBrowserContext()
  const tab = await context.newPage()
  const outcome = reach
    ? await navigation(tab, await fresh(tab, await reach(tab)), { config })
    : await lighthouse(origin + path, undefined, config, tab)
  await context.close()
  const { lhr } = outcome
  if (lhr.runtimeError) throw new Error(`${name}: ${lhr.runtimeError.message}`)
  return lhr
}

/** What sends the form, after the browser forgot what the form's own page has loaded. */
async function fresh(tab, send) {
  const session = await tab.createCDPSession()
  return async () => {
    await session.send('Network.clearBrowserCache')
    await send()
  }
}

async function toQuestions(tab) {
  await tab.goto(`${origin}/symptoms/lower-back-pain`)
  await tab.type('#years', '34')
  await choose(tab, ['pregnancy', 'immune-weak', 'diabetes'], 'no')
  await tab.evaluate(() => {
    document.querySelector('input[name="instead-temperature"][value="normal"]')?.click()
    document.querySelector('input[name="signs"][value="none"]').click()
  })
  return press(tab, 'button[value="first"]')
}

async function toResult(tab) {
  const send = await toQuestions(tab)
  await Promise.all([tab.waitForNavigation(), send()])
  await tab.evaluate(() => {
    for (const box of document.querySelectorAll('input[type="radio"][value="no"]')) box.click()
    for (const number of document.querySelectorAll('input[type="text"][name^="number-"]')) number.value = '2'
  })
  return press(tab, 'button[value="second"]')
}

async function toRequestForm(tab) {
  await tab.goto(`${origin}/book/back-pain-visit`)
  await tab.select('#state', 'NY')
  return press(tab, 'button[value="state"]')
}

/** Chooses `value` in each of the groups that the form has. */
async function choose(tab, groups, value) {
  await tab.evaluate((groups, value) => {
    for (const group of groups) document.querySelector(`input[name="${group}"][value="${value}"]`)?.click()
  }, groups, value)
}

async function press(tab, selector) {
  await tab.waitForSelector(selector)
  return () => tab.evaluate((selector) => document.querySelector(selector).click(), selector)
}

/** A score as people know it, from 0 to 100. */
function points(score) {
  return Math.round(score * 100)
}

/** The audits of a category that were made and count. */
function counted(result, category) {
  return result.categories[category].auditRefs
    .map(({ id, weight }) => ({ ...result.audits[id], weight }))
    .filter(({ score, weight }) => weight > 0 && score !== null)
}

/** The score of a category without one of its audits. */
function without(result, category, left) {
  const audits = counted(result, category).filter(({ id }) => id !== left)
  const whole = audits.reduce((sum, { weight }) => sum + weight, 0)
  return points(audits.reduce((sum, { score, weight }) => sum + score * weight, 0) / whole)
}

/** Whether the page loses points only because search engines are told to leave it out, as they shall. */
function isLeftOutOnPurpose({ page, result }) {
  return page.unlisted === true && result.audits[LISTED].score === 0
}

/** The score of one category, and what it would be if the page were meant for search engines. */
function cell(report, category) {
  const score = points(report.result.categories[category].score)
  if (category !== 'seo' || !isLeftOutOnPurpose(report)) return String(score)
  return `${score} (${without(report.result, category, LISTED)} without ${LISTED})`
}

/** Whether anything is below 100 that does not depend on the machine. */
function isFaulty(report) {
  const { accessibility, 'best-practices': practices, seo } = report.result.categories
  const found = isLeftOutOnPurpose(report) ? without(report.result, 'seo', LISTED) : points(seo.score)
  return [points(accessibility.score), points(practices.score), found].some((score) => score < 100)
}

function table(reports) {
  const rows = [
    ['page', 'device', ...CATEGORIES.map(([, title]) => title)],
    ...reports.map((report) => [
      report.page.name,
      report.device,
      ...CATEGORIES.map(([category]) => cell(report, category)),
    ]),
  ]
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)))
  const lines = rows.map((row) => row.map((text, column) => text.padEnd(widths[column])).join('  ').trimEnd())
  return `Lighthouse ${reports[0].result.lighthouseVersion}, ${runs === 1 ? 'one run' : `the median of ${runs} runs`}\n\n${lines.join('\n')}\n`
}

/** Each audit that costs a point, with the first places it was found at; and what was not counted. */
function costs(reports) {
  const lines = reports.flatMap((report) =>
    CATEGORIES.flatMap(([category, title]) => {
      if (points(report.result.categories[category].score) === 100) return []
      return counted(report.result, category)
        .filter(({ id, score }) => score < 1 && !(id === LISTED && isLeftOutOnPurpose(report)))
        .map((audit) => `${report.page.name}, ${report.device}, ${title}: ${told(audit)}`)
    }),
  )
  const notes = lines.length > 0 ? ['What costs points:', ...lines] : ['Nothing costs a point.']
  if (reports.some(isLeftOutOnPurpose)) {
    notes.push(
      `Not counted: \`${LISTED}\` on ${unlistedNames(reports)}. They show what one person answered or typed, so search engines are told to leave them out.`,
    )
  }
  return notes.join('\n')
}

function unlistedNames(reports) {
  return [...new Set(reports.filter(isLeftOutOnPurpose).map(({ page }) => page.name))].join(', ')
}

/** One audit: its name, score, measure and up to three places. */
function told({ id, title, score, displayValue, details }) {
  const places = (details?.items ?? [])
    .map((item) => item.node?.selector ?? item.url ?? item.description)
    .filter(Boolean)
    .slice(0, 3)
  const measure = displayValue ? `, ${displayValue}` : ''
  return [`${id} ${score.toFixed(2)}${measure} (${title})`, ...places.map((place) => `\n    ${place}`)].join('')
}
