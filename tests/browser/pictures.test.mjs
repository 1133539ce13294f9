// Diagrams and the body map as a reader sees them: words inside the picture, large enough and apart
// from each other, and parts of the body that a finger hits and a keyboard reaches.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { articlePages, crawl, expectNone, openBrowser, openReader, visit } from './site.mjs'

/** The smallest letters in a diagram on the smallest phone, in CSS pixels. */
const smallestLetters = 14
/** Target size, WCAG 2.2, 2.5.8, in CSS pixels. */
const smallestTarget = 24

const browser = await openBrowser()
after(() => browser.close())
const pages = (await crawl(browser)).pages
const withDiagram = articlePages(pages).filter(({ html }) => html.includes('class="diagram"'))

before(() => assert.ok(withDiagram.length > 5, `only ${withDiagram.length} articles with a diagram were found`))

for (const { path } of withDiagram) {
  test(`${path} has diagrams whose words can be read at every width`, async () => {
    const faults = []
    for (const width of [320, 768, 1280]) {
      const context = await openReader(browser, { viewport: { width, height: 800 } })
      const page = await visit(context, path)
      faults.push(...(await page.evaluate(faultsOfWords, smallestLetters)).map((fault) => `${width} px: ${fault}`))
      await context.close()
    }
    expectNone(faults, path)
  })
}

test('every part of the body is large enough for a finger on the smallest phone', async () => {
  const context = await openReader(browser, { viewport: { width: 320, height: 800 } })
  const page = await visit(context, '/body')
  const targets = await page.evaluate(() =>
    [...document.querySelectorAll('.body-map a, .body-list a')].map((link) => {
      const { width, height } = link.getBoundingClientRect()
      return { name: link.getAttribute('aria-label') ?? link.textContent, width, height }
    }),
  )
  await context.close()
  assert.ok(targets.length > 30, `only ${targets.length} links`)
  const small = targets.filter(({ width, height }) => Math.min(width, height) < smallestTarget)
  expectNone(small.map(({ name, width, height }) => `${name}: ${width.toFixed(1)} by ${height.toFixed(1)} px`))
})

test('the picture of the body works with the keyboard and without scripts', async () => {
  const context = await openReader(browser, { javaScriptEnabled: false })
  const page = await context.newPage()
  await page.goto('/body')
  await page.locator('.body-map a[href="/body/chest"]').first().focus()
  await page.keyboard.press('Enter')
  await page.waitForURL('**/body/chest')
  assert.equal(await page.locator('h1').textContent(), 'Chest')
  await page.goBack()
  await page.locator('.body-map a[href="/body/eye"]').first().click()
  await page.waitForURL('**/body/eye')
  await context.close()
})

/** Runs in the page: words that are small, run out of their picture, or lie on other words. */
function faultsOfWords(smallest) {
  const faults = []
  for (const picture of document.querySelectorAll('.diagram__picture')) {
    const frame = picture.getBoundingClientRect()
    const texts = [...picture.querySelectorAll('text')]
    const boxes = texts.map((text) => text.getBoundingClientRect())
    const scale = frame.width / picture.viewBox.baseVal.width
    texts.forEach((text, at) => {
      const name = text.textContent
      const size = parseFloat(getComputedStyle(text).fontSize) * scale
      if (size < smallest) faults.push(`${name}: letters of ${size.toFixed(1)} px`)
      const box = boxes[at]
      const inside = box.left >= frame.left && box.right <= frame.right && box.top >= frame.top && box.bottom <= frame.bottom
      if (!inside) faults.push(`${name}: runs out of the picture`)
      boxes.slice(at + 1).forEach((other, next) => {
        const apart = other.left >= box.right || other.right <= box.left || other.top >= box.bottom || other.bottom <= box.top
        if (!apart) faults.push(`${name}: lies on ${texts[at + 1 + next].textContent}`)
      })
    })
  }
  return faults
}
