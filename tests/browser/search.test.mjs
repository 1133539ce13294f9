// The search as a reader uses it: suggestions by keyboard and pointer, slow and broken answers,
// with scripts off, and every state read by axe. What is typed stays between the reader and us.

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { expectAccessible, openBrowser, openReader, origin, visit } from './site.mjs'

const browser = await openBrowser()
after(() => browser.close())

/** Opens the search and types; gives the page with the list of suggestions open. */
async function typing(text, options = {}) {
  const context = await openReader(browser, options)
  const page = await context.newPage()
  await page.goto('/search')
  const input = page.getByRole('combobox')
  await input.pressSequentially(text)
  await page.getByRole('option').first().waitFor()
  return { context, page, input }
}

test('arrow keys choose a suggestion, and enter opens its page', async () => {
  const { context, page, input } = await typing('sciat')
  assert.equal(await input.getAttribute('aria-expanded'), 'true')
  assert.equal(await input.getAttribute('aria-activedescendant'), null)
  await page.keyboard.press('ArrowDown')
  const active = await input.getAttribute('aria-activedescendant')
  const option = page.locator(`#${active}`)
  assert.equal(await option.getAttribute('aria-selected'), 'true')
  assert.equal(await option.getAttribute('role'), 'option')
  assert.equal(await input.inputValue(), 'sciat', 'what was typed stays')
  await page.keyboard.press('ArrowUp')
  assert.equal(await input.getAttribute('aria-activedescendant'), null, 'before the first stands the text itself')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/articles/sciatica')
  await context.close()
})

test('enter without a choice sends what was typed', async () => {
  const { context, page } = await typing('sciat')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/search?q=sciat')
  assert.ok((await page.locator('.search-hit').count()) > 0)
  await context.close()
})

test('escape closes the list and keeps the text, and the list opens again', async () => {
  const { context, page, input } = await typing('sciat')
  await page.keyboard.press('Escape')
  assert.equal(await page.getByRole('listbox').isVisible(), false)
  assert.equal(await input.getAttribute('aria-expanded'), 'false')
  assert.equal(await input.inputValue(), 'sciat')
  await page.keyboard.press('ArrowDown')
  assert.equal(await page.getByRole('listbox').isVisible(), true)
  await page.keyboard.press('Tab')
  await page.getByRole('listbox').waitFor({ state: 'hidden' })
  await context.close()
})

test('a click opens a suggestion', async () => {
  const { context, page } = await typing('pink')
  await page.getByRole('option').filter({ hasText: 'Pink eye: ' }).click()
  await page.waitForURL('**/articles/pink-eye')
  await context.close()
})

test('the number of suggestions is announced', async () => {
  const { context, page } = await typing('back pain')
  const count = await page.getByRole('option').count()
  const said = await page.locator('.search-box [role=status]').innerText()
  assert.match(said, new RegExp(`\\b${count}\\b`))
  await context.close()
})

test('words of an emergency suggest the call first', async () => {
  const { context, page } = await typing('chest pain and sweating')
  const first = page.getByRole('option').first()
  assert.match(await first.innerText(), /911/)
  assert.equal(await first.getAttribute('data-address'), 'tel:911')
  await context.close()
})

test('an answer that never comes or fails leaves the form as it is', async () => {
  for (const answer of [(route) => route.abort(), (route) => route.fulfill({ status: 503 }), (route) => route.fulfill({ body: 'no' })]) {
    const context = await openReader(browser)
    const page = await context.newPage()
    const faults = []
    page.on('pageerror', (error) => faults.push(error.message))
    await page.route('**/search/suggestions?*', answer)
    await page.goto('/search')
    const asked = page.waitForRequest('**/search/suggestions?*')
    await page.getByRole('combobox').pressSequentially('knee')
    await asked
    await page.keyboard.press('Enter')
    await page.waitForURL('**/search?q=knee')
    assert.deepEqual(faults, [])
    await context.close()
  }
})

test('an older answer never takes the place of a newer one', async () => {
  const context = await openReader(browser)
  const page = await context.newPage()
  let release
  const held = new Promise((resolve) => (release = resolve))
  await page.route('**/search/suggestions?q=kn', async (route) => {
    await held
    await route.continue().catch(() => {})
  })
  await page.goto('/search')
  const input = page.getByRole('combobox')
  const first = page.waitForRequest('**/search/suggestions?q=kn')
  await input.pressSequentially('kn')
  await first
  await input.fill('sciat')
  await page.getByRole('option').filter({ hasText: 'Sciatica' }).first().waitFor()
  release()
  await input.fill('sciati')
  await page.waitForResponse('**/search/suggestions?q=sciati')
  assert.equal(await page.getByRole('option').filter({ hasText: 'Knee' }).count(), 0)
  await context.close()
})

test('the header of a wide page has the same box', async () => {
  const context = await openReader(browser)
  const page = await context.newPage()
  await page.goto('/privacy')
  const input = page.locator('#site-search')
  await input.pressSequentially('sciat')
  await page.getByRole('option').first().waitFor()
  const box = await page.getByRole('listbox').boundingBox()
  assert.ok(box.x >= 0 && box.x + box.width <= 1280, `the list stays on the screen: ${JSON.stringify(box)}`)
  await page.setViewportSize({ width: 360, height: 800 })
  assert.equal(await input.isVisible(), false)
  assert.equal(await page.locator('header a[href="/search"]').isVisible(), true)
  await context.close()
})

test('everything is found with scripts off', async () => {
  const context = await openReader(browser, { javaScriptEnabled: false })
  const page = await context.newPage()
  await page.goto(`${origin}/`)
  await page.fill('#search', 'siatica')
  await page.click('.hero button[type=submit]')
  assert.equal(await page.locator('.search-hit a').first().getAttribute('href'), '/articles/sciatica')
  assert.equal(await page.locator('[role=listbox]').count(), 0)
  await context.close()
})

test('the call that stands above results is filled with its color', async () => {
  const context = await openReader(browser)
  const page = await visit(context, '/search?q=chest+pain+and+sweating')
  const [own, around] = await page.evaluate(() => [document.querySelector('.result--emergency'), document.querySelector('main')].map((element) => getComputedStyle(element).backgroundColor))
  assert.notEqual(own, around)
  assert.notEqual(own, 'rgba(0, 0, 0, 0)')
  await context.close()
})

test('one kind of results can be seen alone, with scripts off', async () => {
  const context = await openReader(browser, { javaScriptEnabled: false })
  const page = await visit(context, '/search?q=pain')
  const shown = () => page.locator('.search-hit:visible').count()
  const all = await shown()
  await page.getByRole('radio', { name: /^Articles/ }).check()
  const articles = await page.locator('.search-hit--article').count()
  assert.ok(articles > 0 && articles < all, `${articles} of ${all}`)
  assert.equal(await shown(), articles)
  await page.getByRole('radio', { name: /^All/ }).check()
  assert.equal(await shown(), all)
  assert.equal(new URL(page.url()).search, '?q=pain')
  await context.close()
})

test('what was searched for is told to nobody, not even to our next page', async () => {
  const context = await openReader(browser)
  const page = await context.newPage()
  const asked = []
  page.on('request', (request) => asked.push(request))
  await page.goto('/search?q=sciatica')
  await page.locator('.search-hit a').first().click()
  await page.waitForURL('**/articles/sciatica')
  for (const request of asked) {
    assert.ok(request.url().startsWith(origin), request.url())
    const { referer = '' } = await request.allHeaders()
    assert.ok(!referer.includes('/search'), `${request.url()} was told ${referer}`)
  }
  assert.deepEqual(await context.cookies(), [])
  await context.close()
})

const states = [
  ['with results', '/search?q=siatica'],
  ['with an emergency', '/search?q=chest+pain+and+sweating'],
  ['with nothing found', '/search?q=xqzwv'],
  ['before a question', '/search'],
]
for (const [name, path] of states) {
  test(`the search ${name} has no accessibility fault and fits`, async () => {
    await expectAccessible(browser, (page) => page.goto(path))
  })
}

test('the open list of suggestions has no accessibility fault and fits', async () => {
  await expectAccessible(browser, async (page) => {
    await page.goto('/search')
    await page.getByRole('combobox').pressSequentially('back pain')
    await page.getByRole('option').first().waitFor()
    await page.keyboard.press('ArrowDown')
  })
})
