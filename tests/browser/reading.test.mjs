// What a reader may change without a script, and what the page must survive: another direction of
// writing, 400 % zoom, larger text, paper.

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { articlePages, crawl, distinct, expectAccessible, expectNone, oneOfEachKind, openBrowser, openReader, visit, widths } from './site.mjs'

const browser = await openBrowser()
after(() => browser.close())
const all = (await crawl(browser)).pages
const pages = distinct(all)
// All articles are one template; these are the longest and the shortest.
const bySize = articlePages(all).sort((a, b) => b.html.length - a.html.length)
const articles = [bySize.at(0), bySize.at(-1)]
const article = articles[0].path

const tooWide = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)

test('no page overflows when it is written from right to left', async () => {
  const context = await openReader(browser)
  const faults = []
  for (const path of oneOfEachKind(pages)) {
    const page = await visit(context, path)
    await page.evaluate(() => { document.documentElement.dir = 'rtl' })
    for (const width of [320, ...widths]) {
      await page.setViewportSize({ width, height: 800 })
      const wide = await tooWide(page)
      if (wide > 0) faults.push(`${path} at ${width} px: ${wide} px too wide`)
    }
    await page.close()
  }
  await context.close()
  expectNone(faults)
})

test('an article keeps to its width in every text size, and the text grows', async () => {
  const context = await openReader(browser, { javaScriptEnabled: false })
  const page = await visit(context, article)
  const size = () => page.evaluate(() => parseFloat(getComputedStyle(document.querySelector('.prose p')).fontSize))
  await page.locator('.reading-options__summary').click()
  const normal = await size()
  const faults = []
  for (const [name, least] of [['large', 1.2], ['largest', 1.5]]) {
    await page.locator(`.reading-options__${name}`).check()
    assert.ok((await size()) > normal * least, name)
    for (const width of [320, ...widths]) {
      await page.setViewportSize({ width, height: 800 })
      const wide = await tooWide(page)
      if (wide > 0) faults.push(`${name} at ${width} px: ${wide} px too wide`)
    }
  }
  await page.locator('.reading-options__easy').check()
  assert.equal(await page.locator('.citation').first().isVisible(), false)
  // Paper follows the choice: 18 points.
  await page.emulateMedia({ media: 'print' })
  assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).fontSize), '24px')
  await context.close()
  expectNone(faults)
})

test('the choices are accessible when they are open', async () => {
  await expectAccessible(browser, async (page) => {
    await page.goto(article)
    await page.locator('.reading-options__summary').click()
    await page.locator('.reading-options__largest').check()
  })
})

test('a heading gives its address, and a script copies it and says so', async () => {
  const context = await openReader(browser)
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const page = await visit(context, article)
  const link = page.locator('.prose .heading-link').first()
  await link.focus()
  await page.keyboard.press('Enter')
  await page.waitForFunction(() => document.querySelector('main > [role=status]')?.textContent !== '')
  const href = await link.evaluate((own) => own.href)
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), href)
  assert.equal(page.url(), href)
  await context.close()
})

for (const { path } of articles) {
  test(`${path} prints with a code and its address, on A4 and on Letter`, async () => {
    const context = await openReader(browser)
    const page = await visit(context, path)
    await page.emulateMedia({ media: 'print' })
    assert.ok(await page.locator('.handout-code .qr').isVisible())
    assert.ok((await page.locator('.handout-source').innerText()).includes(path))
    assert.equal(await page.locator('.reading-options').isVisible(), false)
    for (const format of ['A4', 'Letter']) {
      const pdf = await page.pdf({ format, preferCSSPageSize: true })
      assert.ok(pdf.length > 10_000, format)
    }
    await context.close()
  })
}
