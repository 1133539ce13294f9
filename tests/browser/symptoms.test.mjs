// The symptom checker as a patient walks it, with scripts off: by words, with mistakes, to each
// kind of advice. Every state is read by axe, and no answer stands in an address.

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { expectAccessible, expectNone, openBrowser, openReader, origin } from './site.mjs'

const browser = await openBrowser()
after(() => browser.close())

const form = '/symptoms/lower-back-pain'

/** Opens a page of the checker for a reader with scripts off, and watches what it asks the server. */
async function open(path, options = {}) {
  const context = await openReader(browser, { javaScriptEnabled: false, ...options })
  const page = await context.newPage()
  const asked = []
  page.on('request', (request) => asked.push(request))
  await page.goto(origin + path)
  return { context, page, asked }
}

async function who(page, age = '34') {
  await page.fill('#years', age)
  for (const name of ['pregnancy', 'immune-weak', 'diabetes']) {
    const no = page.locator(`input[name="${name}"][value="no"]`)
    if ((await no.count()) > 0) await no.check()
  }
}

async function answerAll(page, answer) {
  for (const box of await page.locator(`input[type=radio][value="${answer}"]`).all()) await box.check()
  for (const number of await page.locator('input[name^="number-"]').all()) {
    const name = await number.getAttribute('name')
    if (name === 'number-days') await number.fill('two')
    else if (name === 'number-temperature') await noFever(page)
    else await number.fill('120')
  }
}

/** Says that there is no fever, on the screen that asks. */
async function noFever(page) {
  const normal = page.locator('input[type="radio"][name="instead-temperature"][value="normal"]')
  if ((await normal.count()) > 0) await normal.check()
}

async function toSecond(page) {
  await who(page)
  await noFever(page)
  await page.check('input[name="signs"][value="none"]')
  await page.click('button[value="first"]')
}

test('words with a typing mistake lead to the questions', async () => {
  const { context, page } = await open('/symptoms')
  await page.fill('#problem', 'my lowr back hurts')
  await page.click('main button[type="submit"]')
  const hrefs = await page.locator('main section .article-list__link').evaluateAll((links) => links.map((link) => link.getAttribute('href')))
  await context.close()
  assert.ok(hrefs.length <= 6, `${hrefs.length} choices are more than one screen`)
  assert.equal(hrefs[0], form)
})

test('words that tell of an emergency are answered with the call, before any choice', async () => {
  const { context, page } = await open('/symptoms')
  await page.fill('#problem', "chest hurts and can't breathe")
  await page.click('main button[type="submit"]')
  const first = await page.locator('main :is(.result--emergency, .article-list)').first().getAttribute('class')
  const call = await page.locator('.result--emergency a[href="tel:911"]').count()
  await context.close()
  assert.match(first, /result--emergency/)
  assert.equal(call, 1)
})

test('a form that was sent empty tells every problem at the top and at its field', async () => {
  const { context, page } = await open(form)
  await page.click('button[value="first"]')
  const title = await page.title()
  const targets = await page.locator('.error-summary a').evaluateAll((links) => links.map((link) => link.hash.slice(1)))
  const there = await page.evaluate((ids) => ids.filter((id) => document.getElementById(id)), targets)
  const said = await page.locator('.choices__error, .field__error').count()
  const focused = await page.evaluate(() => document.activeElement?.className)
  await context.close()
  assert.match(title, /^Error: /)
  assert.ok(targets.length >= 2, 'age and signs are both missing')
  assert.deepEqual(there, targets)
  assert.equal(said, targets.length)
  assert.match(focused, /error-summary/)
})

test('what was typed is still there after a mistake', async () => {
  const { context, page } = await open(form)
  await page.fill('#years', '34')
  await page.click('button[value="first"]')
  const age = await page.inputValue('#years')
  await context.close()
  assert.equal(age, '34')
})

test('a red flag ends the questions with the call and without an offer', async () => {
  const { context, page } = await open(form)
  await who(page)
  await page.check('input[name="signs"][value="saddle-numbness"]')
  await page.click('button[value="first"]')
  const level = await page.locator('.result').getAttribute('class')
  const offers = await page.locator('main a[href^="/book"]').count()
  const calls = await page.locator('main a[href="tel:911"]').count()
  await context.close()
  assert.match(level, /result--emergency/)
  assert.equal(offers, 0)
  assert.ok(calls >= 1)
})

test('not being sure of a red flag is answered like a red flag', async () => {
  const { context, page } = await open(form)
  await who(page)
  await page.check('input[name="signs"][value="unsure"]')
  await page.click('button[value="first"]')
  const level = await page.locator('.result').getAttribute('class')
  await context.close()
  assert.match(level, /result--emergency/)
})

test('a parent who ticks an emergency sign is not sent back for the age', async () => {
  const { context, page } = await open('/symptoms/cough/child')
  await page.check('input[name="signs"][value="severe-breathing-trouble"]')
  await page.click('button[value="first"]')
  const heading = await page.locator('h1').innerText()
  const reasons = await page.locator('[aria-labelledby="why"] li').allInnerTexts()
  await context.close()
  assert.match(heading, /^Call 911/)
  assert.equal(reasons.length, 1, reasons.join('\n'))
})

test('words about wanting to die lead to 988 first', async () => {
  const { context, page } = await open('/symptoms')
  await page.fill('#problem', 'i want to die')
  await page.click('main button[type="submit"]')
  const heading = await page.locator('#found-emergency').innerText()
  const first = await page.locator('[aria-labelledby="found-emergency"] a').first().getAttribute('href')
  await context.close()
  assert.match(heading, /988/)
  assert.equal(first, 'tel:988')
})

test('a visit today says where to go when we are closed, and what a person was not sure of', async () => {
  const { context, page } = await open('/symptoms/nosebleed')
  await toSecond(page)
  await answerAll(page, 'no')
  await page.check('input[name="finding-still-bleeding-after-15-minutes"][value="unsure"]')
  await page.click('button[value="second"]')
  const advice = await page.locator('[aria-labelledby="advice"]').innerText()
  const why = await page.locator('[aria-labelledby="why"] li').first().innerText()
  await context.close()
  assert.match(advice, /If we are closed/)
  assert.match(why, /^You were not sure about this/)
})

test('home care for a baby says to call first', async () => {
  const { context, page } = await open('/symptoms/runny-or-stuffy-nose/child')
  await page.fill('#years', '8 months')
  await answerAll(page, 'no')
  await page.check('input[name="signs"][value="none"]')
  await page.click('button[value="first"]')
  await answerAll(page, 'no')
  await page.click('button[value="second"]')
  const notes = await page.locator('[aria-labelledby="steps"] .notice').allInnerTexts()
  await context.close()
  assert.equal(notes.length, 1)
  assert.match(notes[0], /baby under 1 year/)
})

test('a strained back is told care at home and what to watch for', async () => {
  const { context, page } = await open(form)
  await toSecond(page)
  await answerAll(page, 'no')
  await page.check('input[name="finding-strain-after-effort"][value="yes"]')
  await page.click('button[value="second"]')
  const level = await page.locator('.result').getAttribute('class')
  const watch = await page.locator('.watch li').count()
  const sources = await page.locator('.source-list li').count()
  await context.close()
  assert.match(level, /result--self-care/)
  assert.ok(watch >= 3)
  assert.ok(sources >= 1)
})

test('a person who is not sure of anything is told to see somebody', async () => {
  const { context, page } = await open(form)
  await toSecond(page)
  await answerAll(page, 'unsure')
  await page.click('button[value="second"]')
  const level = await page.locator('.result').getAttribute('class')
  await context.close()
  assert.match(level, /result--urgent/)
})

test('answers can be changed and are all still there', async () => {
  const { context, page } = await open(form)
  await toSecond(page)
  await answerAll(page, 'no')
  await page.click('button[value="second"]')
  await page.click('button[value="change"]')
  const age = await page.inputValue('#years')
  const none = await page.isChecked('input[name="signs"][value="none"]')
  await context.close()
  assert.equal(age, '34')
  assert.ok(none)
})

test('no answer stands in an address, a cookie, or a page that anybody keeps', async () => {
  const { context, page, asked } = await open(form)
  await toSecond(page)
  await answerAll(page, 'no')
  const [answer] = await Promise.all([page.waitForResponse((found) => found.request().method() === 'POST'), page.click('button[value="second"]')])
  const headers = await answer.allHeaders()
  const cookies = await context.cookies()
  const addresses = asked.map((request) => request.url())
  await context.close()
  assert.match(headers['cache-control'], /no-store/)
  assert.equal(headers['referrer-policy'], 'same-origin')
  assert.equal(headers['set-cookie'], undefined)
  assert.deepEqual(cookies, [])
  assert.deepEqual(addresses.filter((address) => /\?|34|unsure|finding/.test(new URL(address).search)), [])
})

for (const addressee of ['/child', '/other']) {
  test(`questions at ${form}${addressee} never say "you" of somebody else`, async () => {
    const { context, page } = await open(form + addressee)
    const signs = await page.locator('#signs label').allInnerTexts()
    await context.close()
    expectNone(signs.filter((sign) => /\b(you|your) (are|have|can|can't|feel|legs|genitals)\b/i.test(sign) && !/your child/i.test(sign)))
  })
}

/** Brings a page into each state that depends on answers. */
const states = {
  'found by words': async (page) => {
    await page.goto(`${origin}/symptoms`)
    await page.fill('#problem', 'crushing chest pain and sweating')
    await page.click('main button[type="submit"]')
  },
  'with problems': async (page) => {
    await page.goto(origin + form)
    await page.click('button[value="first"]')
  },
  'second screen': async (page) => {
    await page.goto(origin + form)
    await toSecond(page)
  },
  'second screen with problems': async (page) => {
    await page.goto(origin + form)
    await toSecond(page)
    await page.click('button[value="second"]')
  },
  emergency: async (page) => {
    await page.goto(origin + form)
    await who(page)
    await page.check('input[name="signs"][value="hard-hit"]')
    await page.click('button[value="first"]')
  },
  'care at home': async (page) => {
    await page.goto(origin + form)
    await toSecond(page)
    await answerAll(page, 'no')
    await page.click('button[value="second"]')
  },
  'a visit soon': async (page) => {
    await page.goto(origin + form)
    await toSecond(page)
    await answerAll(page, 'no')
    await page.check('input[name="finding-morning-stiffness"][value="yes"]')
    await page.click('button[value="second"]')
  },
}

for (const [name, reach] of Object.entries(states)) {
  test(`the checker is accessible and fits every width: ${name}`, () => expectAccessible(browser, reach))
}
