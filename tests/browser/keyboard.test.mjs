// A reader without a mouse reaches everything, always sees where they are, and can skip what
// every page repeats.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { articlePages, crawl, distinct, expectNone, marks, openBrowser, openReader, visit } from './site.mjs'

/** More Tab presses than any page needs; a page that takes them all holds the reader captive. */
const maxStops = 600

const browser = await openBrowser()
after(() => browser.close())
const pages = distinct((await crawl(browser)).pages)
const articles = articlePages(pages)

before(() => assert.ok(articles.length > 0, 'no article page was found: nothing could be tested'))

for (const { path } of pages) {
  test(`${path} begins with a skip link that leads to main`, async () => {
    const context = await openReader(browser)
    const page = await visit(context, path)
    await page.keyboard.press('Tab')
    const first = await page.evaluate(() => {
      const link = document.activeElement
      const target = link?.hash ? document.getElementById(decodeURIComponent(link.hash.slice(1))) : null
      const box = link.getBoundingClientRect()
      return {
        is: link.outerHTML.slice(0, 100),
        skips: target !== null && target.closest('main') !== null,
        shown: box.width > 1 && box.height > 1 && box.top >= 0 && box.left >= 0 && box.bottom <= innerHeight,
      }
    })
    assert.ok(first.skips, `${path}: the first Tab stop is no link into main: ${first.is}`)
    assert.ok(first.shown, `${path}: the skip link stays out of sight when it has the focus: ${first.is}`)
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    const next = await page.evaluate(() => {
      const element = document.activeElement
      const main = document.querySelector('main')
      const stops = main.querySelectorAll('a[href], button, input, select, textarea, summary').length
      return { is: element.outerHTML.slice(0, 100), inMain: main.contains(element) || stops === 0 }
    })
    await context.close()
    assert.ok(next.inMain, `${path}: after the skip link, Tab goes to ${next.is}, not into main`)
  })

  for (const width of [360, 1280]) {
    test(`${path} shows the focus on every stop at ${width} px`, async () => {
      const context = await openReader(browser, { viewport: { width, height: 800 } })
      const page = await visit(context, path)
      await page.evaluate(rememberLooks)
      const faults = new Set()
      let stops = 0
      for (; stops < maxStops; stops += 1) {
        await page.keyboard.press('Tab')
        const stop = await page.evaluate(lookAtFocus)
        if (stop === null) break // past the last stop, back in the browser's own buttons
        for (const fault of stop) faults.add(fault)
      }
      if (stops === maxStops) faults.add(`Tab was pressed ${maxStops} times and did not come round`)
      for (const left of await page.evaluate(notReached)) faults.add(left)
      await context.close()
      expectNone(faults, `${path} at ${width} px, ${stops} stops`)
    })
  }
}

for (const { path } of articles) {
  test(`${path} opens its jump-to list with the keyboard at 360 px`, async () => {
    const context = await openReader(browser, { viewport: { width: 360, height: 800 } })
    const page = await visit(context, path)
    const disclosure = (await page.locator(`details${marks.jumpTo}, ${marks.jumpTo} details, details:has(${marks.jumpTo})`).all())[0]
    assert.ok(disclosure, `${path}: \`${marks.jumpTo}\` has no disclosure`)
    const link = disclosure.locator('a[href*="#"]').first()
    assert.ok(!(await link.isVisible()), `${path}: the list is open from the start and pushes the text down`)
    const onSummary = () => page.evaluate(() => document.activeElement.localName === 'summary' && document.activeElement.closest('details')?.querySelector('a[href*="#"]') !== null)
    let stops = 0
    while (stops < maxStops && !(await onSummary())) {
      await page.keyboard.press('Tab')
      stops += 1
    }
    assert.ok(stops < maxStops, `${path}: Tab never comes to the jump-to list`)
    await page.keyboard.press('Enter')
    assert.ok(await link.isVisible(), `${path}: Enter does not open the jump-to list`)
    await page.keyboard.press('Tab')
    const href = await page.evaluate(() => document.activeElement.getAttribute('href'))
    assert.equal(href, await link.getAttribute('href'), `${path}: the next Tab stop is not the first link of the list`)
    await page.keyboard.press('Enter')
    const top = await page.evaluate((id) => document.getElementById(id)?.getBoundingClientRect().top, decodeURIComponent(href.slice(href.indexOf('#') + 1)))
    await context.close()
    assert.ok(top >= -1 && top < 800, `${path}: ${href} lands ${top} px from the top of the window`)
  })
}

/** Runs in the page: keeps how everything looks while nothing has the focus. */
function rememberLooks() {
  window.look = (element) => {
    const looks = []
    // The ring may be drawn by the label of a control that is itself out of sight.
    for (const shown of [element, ...(element.labels ?? [])]) {
      for (const part of [null, '::before', '::after']) {
        const style = getComputedStyle(shown, part)
        const seen = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1 && !/rgba\(.*, 0\)|transparent/.test(style.outlineColor)
        looks.push({ outline: seen ? `${style.outlineStyle} ${style.outlineWidth} ${style.outlineColor}` : '', shadow: style.boxShadow === 'none' ? '' : style.boxShadow })
      }
    }
    return looks
  }
  window.looks = new Map()
  window.reached = new Set()
  for (const element of document.querySelectorAll('*')) {
    if (element.tabIndex >= 0 || element.localName === 'summary') window.looks.set(element, window.look(element))
  }
}

/** Runs in the page: what is wrong with the element that has the focus; null when none has. */
function lookAtFocus() {
  const element = document.activeElement
  if (!element || element === document.body || element === document.documentElement) return null
  if (window.reached.has(element)) return null // round again
  window.reached.add(element)
  const faults = []
  const name = element.outerHTML.slice(0, 100).replace(/\s+/g, ' ')
  const before = window.looks.get(element)
  const ring = window.look(element).some(({ outline, shadow }, part) => {
    const was = before?.[part] ?? { outline: '', shadow: '' }
    return (outline !== '' && outline !== was.outline) || (shadow !== '' && shadow !== was.shadow)
  })
  if (!ring) faults.push(`no ring: ${name}`)
  // A link may break over two lines; its first piece stands for it. A control out of sight has its label.
  let shown = element
  let box = shown.getClientRects()[0]
  if ((!box || box.width <= 1 || box.height <= 1) && element.labels?.length > 0) {
    shown = element.labels[0]
    box = shown.getClientRects()[0]
  }
  if (!box || box.width <= 1 || box.height <= 1) {
    faults.push(`has the focus and no size: ${name}`)
    return faults
  }
  const inside = box.left >= -1 && box.right <= innerWidth + 1 && box.top >= -1 && (box.bottom <= innerHeight + 1 || box.height > innerHeight)
  if (!inside) faults.push(`out of the window (${Math.round(box.left)}, ${Math.round(box.top)}): ${name}`)
  else {
    // In a picture, a smaller part may lie on the middle of a larger one, as the nose does on the face.
    const isPart = Boolean(element.ownerSVGElement)
    const points = isPart ? [[0.5, 0.5], [0.5, 0.15], [0.5, 0.85], [0.15, 0.5], [0.85, 0.5]] : [[0.5, 0.5]]
    const tops = points.map(([x, y]) => document.elementFromPoint(box.left + box.width * x, box.top + Math.min(box.height, innerHeight) * y))
    const isSeen = tops.some((top) => shown.contains(top) || (!isPart && (!top || top.contains(shown))))
    if (!isSeen) faults.push(`covered by ${tops[0]?.outerHTML.slice(0, 60)}: ${name}`)
  }
  return faults
}

/** Runs in the page: the visible controls that Tab never came to. */
function notReached() {
  const reachedNames = new Set([...window.reached].filter((element) => element.type === 'radio').map((element) => element.name))
  return [...document.querySelectorAll('a[href], area[href], button, input:not([type=hidden]), select, textarea, summary')]
    .filter((element) => element.checkVisibility({ visibilityProperty: true }) && !element.disabled && !window.reached.has(element))
    // One stop serves all radio buttons of one name; arrow keys do the rest.
    .filter((element) => !(element.type === 'radio' && reachedNames.has(element.name)))
    .map((element) => `Tab never comes here: ${element.outerHTML.slice(0, 100).replace(/\s+/g, ' ')}`)
}
