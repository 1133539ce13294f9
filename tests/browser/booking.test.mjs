// A visit asked for as a patient does it: on a phone, with scripts off, with the keyboard alone,
// with mistakes, from an old browser. Nothing that was typed stands in an address.

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { expectAccessible, expectNone, openBrowser, openReader, origin } from './site.mjs'

const browser = await openBrowser()
after(() => browser.close())

const visit = '/book/back-pain-visit'
const phone = { javaScriptEnabled: false, viewport: { width: 360, height: 740 } }

/** What a browser does for the person; a name of its own for each request, so that each is a new one. */
let requests = 0
async function fill(page) {
  requests += 1
  await page.check('input[name="how-soon"][value="week"]')
  await page.check('input[name="days"][value="friday"]')
  await page.check('input[name="patient"][value="new"]')
  await page.fill('#name', `Wilhelmina Quagga ${process.pid} ${requests}`)
  await page.fill('#birth-month', '3')
  await page.fill('#birth-day', '24')
  await page.fill('#birth-year', '1985')
  await page.fill('#phone', '555-555-0123')
  await page.check('input[name="preferred"][value="phone"]')
  await page.check('input[name="message"][value="no"]')
  await page.check('input[name="payment"][value="self-pay"]')
  await page.check('input[name="consent"]')
}

async function toForm(page) {
  await page.goto(origin + visit)
  await page.selectOption('#state', 'NY')
  await page.click('button[value="state"]')
}

async function send(page) {
  await page.click('button[value="send"]')
}

const code = /^[346789BCDFGHJKMPQRTVWX]{4}-[346789BCDFGHJKMPQRTVWX]{4}$/

test('a visit is asked for on a phone with scripts off, and the code is there', async () => {
  const context = await openReader(browser, phone)
  const page = await context.newPage()
  await toForm(page)
  await fill(page)
  await send(page)
  const shown = await page.locator('.request-code__code').innerText()
  const heading = await page.locator('h1').innerText()
  await page.reload()
  const again = await page.locator('.request-code__code').innerText()
  await context.close()
  assert.match(shown, code)
  assert.equal(heading, 'We have your request')
  assert.equal(again, shown)
})

test('the price and 911 can be seen before the first field, on the page and on the form', async () => {
  const context = await openReader(browser, phone)
  const page = await context.newPage()
  const above = async (first, second) => {
    const [one, two] = await Promise.all([first, second].map((selector) => page.locator(selector).first().boundingBox()))
    return one.y + one.height <= two.y
  }
  await page.goto(origin + visit)
  assert.ok(await above('main a[href="tel:911"]', '#state'))
  assert.ok(await above('.prices', '#state'))
  await toForm(page)
  assert.ok(await above('main a[href="tel:911"]', 'main form input:not([type="hidden"])'))
  assert.ok(await above('.prices', 'main form input:not([type="hidden"])'))
  await context.close()
})

test('nothing that was typed stands in an address, and nothing is left in the browser', async () => {
  const context = await openReader(browser, phone)
  const page = await context.newPage()
  const asked = []
  page.on('request', (request) => asked.push(request.url()))
  await toForm(page)
  await fill(page)
  await send(page)
  const cookies = await context.cookies()
  await context.close()
  expectNone(asked.filter((address) => new URL(address).search !== '' || /Quagga|0123|1985|NY/i.test(address)))
  expectNone(asked.filter((address) => new URL(address).origin !== origin))
  assert.deepEqual(cookies, [])
})

test('going back and sending again keeps one request', async () => {
  const context = await openReader(browser, phone)
  const page = await context.newPage()
  await toForm(page)
  await fill(page)
  const name = await page.inputValue('#name')
  await send(page)
  const first = await page.locator('.request-code__code').innerText()
  await toForm(page)
  await fill(page)
  await page.fill('#name', name)
  await send(page)
  const second = await page.locator('.request-code__code').innerText()
  await context.close()
  assert.equal(second, first)
})

test('two clicks on the button keep one request', async () => {
  const context = await openReader(browser)
  const page = await context.newPage()
  await toForm(page)
  await fill(page)
  await page.dblclick('button[value="send"]')
  await page.waitForSelector('.request-code__code')
  const shown = await page.locator('.request-code__code').innerText()
  await context.close()
  assert.match(shown, code)
})

test('an empty form tells every problem at the top and at its field, and takes the focus there', async () => {
  const context = await openReader(browser, phone)
  const page = await context.newPage()
  await toForm(page)
  await send(page)
  const title = await page.title()
  const targets = await page.locator('.error-summary a').evaluateAll((links) => links.map((link) => link.hash.slice(1)))
  const there = await page.evaluate((ids) => ids.filter((id) => document.getElementById(id)), targets)
  const said = await page.locator('.choices__error, .field__error').count()
  const focused = await page.evaluate(() => document.activeElement?.className)
  await context.close()
  assert.match(title, /^Error: /)
  // How soon, before, name, birth, way to reach, message, payment, consent.
  assert.equal(targets.length, 8)
  assert.deepEqual(there, targets)
  assert.equal(said, targets.length)
  assert.match(focused, /error-summary/)
})

test('the whole way is walked with the keyboard alone', async () => {
  const context = await openReader(browser, { javaScriptEnabled: false })
  const page = await context.newPage()
  await page.goto(origin + visit)
  const to = async (selector) => {
    for (let presses = 0; presses < 120; presses += 1) {
      await page.keyboard.press('Tab')
      if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) return
    }
    assert.fail(`Tab never comes to ${selector}`)
  }
  await to('#state')
  await page.keyboard.type('New Y')
  await to('button[value="state"]')
  await page.keyboard.press('Enter')
  await page.waitForSelector('#name')
  await to('input[name="how-soon"]')
  await page.keyboard.press('Space')
  await to('input[name="patient"]')
  await page.keyboard.press('Space')
  await to('#name')
  await page.keyboard.type(`Keyboard Person ${process.pid}`)
  await to('#birth-month')
  await page.keyboard.type('March')
  await to('#birth-day')
  await page.keyboard.type('24')
  await to('#birth-year')
  await page.keyboard.type('1985')
  await to('#email')
  await page.keyboard.type('keyboard@example.org')
  await to('input[name="preferred"]')
  await page.keyboard.press('ArrowDown')
  await to('input[name="message"]')
  await page.keyboard.press('Space')
  await to('input[name="payment"]')
  await page.keyboard.press('Space')
  await to('input[name="consent"]')
  await page.keyboard.press('Space')
  await page.keyboard.press('Enter')
  await page.waitForSelector('.request-code__code')
  const shown = await page.locator('.request-code__code').innerText()
  await context.close()
  assert.match(shown, code)
})

test('browsers know how to fill the personal fields', async () => {
  const context = await openReader(browser, phone)
  const page = await context.newPage()
  await toForm(page)
  const found = await page.locator('main form input[type]:not([type="radio"], [type="checkbox"], [type="hidden"])').evaluateAll((inputs) =>
    Object.fromEntries(inputs.map((input) => [input.name, `${input.autocomplete} ${input.inputMode} ${input.type}`])),
  )
  await context.close()
  assert.deepEqual(found, {
    name: 'name text text',
    'birth-month': 'bday-month numeric text',
    'birth-day': 'bday-day numeric text',
    'birth-year': 'bday-year numeric text',
    phone: 'tel tel tel',
    email: 'email email email',
    interpreter: 'off text text',
    access: 'off text text',
  })
})

test('what the symptom checker said goes along only if it is ticked', async () => {
  const context = await openReader(browser, phone)
  const page = await context.newPage()
  const toAdvice = async () => {
    await page.goto(`${origin}/symptoms/lower-back-pain`)
    await page.fill('#years', '34')
    for (const name of ['pregnancy', 'immune-weak', 'diabetes']) {
      const no = page.locator(`input[name="${name}"][value="no"]`)
      if ((await no.count()) > 0) await no.check()
    }
    const normal = page.locator('input[name="instead-temperature"][value="normal"]')
    if ((await normal.count()) > 0) await normal.check()
    await page.check('input[name="signs"][value="none"]')
    await page.click('button[value="first"]')
    for (const box of await page.locator('input[type=radio][value="no"]').all()) await box.check()
    for (const number of await page.locator('input[name^="number-"]:not([type="hidden"])').all()) await number.fill('2')
    await page.check('input[name="finding-morning-stiffness"][value="yes"]')
    await page.click('button[value="second"]')
  }
  await toAdvice()
  const ticked = await page.isChecked('input[name="advice"]')
  await page.click('button[value="advice"]')
  const plain = { address: page.url(), sent: await page.locator('input[name="advice"]').count() }
  await toAdvice()
  await page.check('input[name="advice"]')
  await page.click('button[value="advice"]')
  const sent = await page.locator('input[name="advice"]').getAttribute('value')
  const address = page.url()
  await context.close()
  assert.equal(ticked, false)
  assert.deepEqual(plain, { address: origin + visit, sent: 0 })
  assert.equal(sent, 'lower-back-pain:soon')
  assert.equal(address, origin + visit)
})

test('a printed code is on paper without buttons', async () => {
  const context = await openReader(browser, phone)
  const page = await context.newPage()
  await toForm(page)
  await fill(page)
  await send(page)
  await page.emulateMedia({ media: 'print' })
  const printed = await page.locator('.request-code__code').isVisible()
  const buttons = await page.locator('.button:visible').count()
  await context.close()
  assert.ok(printed)
  assert.equal(buttons, 0)
})

/** Brings a page into each state that depends on what was sent. */
const states = {
  'no state chosen': async (page) => {
    await page.goto(origin + visit)
    await page.click('button[value="state"]')
  },
  'a state that is not served': async (page) => {
    await page.goto(origin + visit)
    await page.selectOption('#state', 'CA')
    await page.click('button[value="state"]')
  },
  'the form': toForm,
  'the form with problems': async (page) => {
    await toForm(page)
    await send(page)
  },
  'the code': async (page) => {
    await toForm(page)
    await fill(page)
    await send(page)
  },
  'an unknown code': (page) => page.goto(`${origin}${visit}/requested/BBBB-BBBB`),
  'from a campaign': (page) => page.goto(`${origin}${visit}/via/back-care-flyer`),
}

for (const [name, reach] of Object.entries(states)) {
  test(`booking is accessible and fits every width: ${name}`, () => expectAccessible(browser, reach))
}
