// What a reader's own device may ask for: its few colors in the place of ours, more contrast, no
// motion. One page of each kind, and the search with the call that stands above its results.

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { axeSource, crawl, distinct, expectNone, oneOfEachKind, openBrowser, openReader, schemes, visit } from './site.mjs'

const browser = await openBrowser()
after(() => browser.close())
const kinds = [...oneOfEachKind(distinct((await crawl(browser)).pages)), '/search?q=chest+pain+and+sweating']

for (const path of kinds) {
  test(`${path} can be read and worked in the reader's own few colors`, async () => {
    const context = await openReader(browser, { forcedColors: 'active', viewport: { width: 360, height: 800 } })
    const faults = await inEachScheme(context, path, async (page) => [
      ...(await axe(page, ['color-contrast', 'link-in-text-block'])),
      ...(await page.evaluate(edgeFaults)),
    ])
    expectNone(faults, path)
  })

  test(`${path} has letters of seven to one for a reader who asks for more contrast`, async () => {
    const context = await openReader(browser, { contrast: 'more' })
    expectNone(await inEachScheme(context, path, (page) => axe(page, ['color-contrast-enhanced'])), path)
  })

  test(`${path} moves nothing for a reader who asks for no motion, and nothing by itself for anybody`, async () => {
    const still = await openReader(browser)
    const page = await visit(still, path)
    expectNone(await page.evaluate(motionFaults), path)
    await still.close()
    const usual = await openReader(browser, { reducedMotion: 'no-preference' })
    const moving = await (await visit(usual, path)).evaluate(() => document.getAnimations().length)
    await usual.close()
    assert.equal(moving, 0)
  })
}

/** What is wrong with a page in light and in dark; it is opened once, and the context is closed. */
async function inEachScheme(context, path, look) {
  const page = await visit(context, path)
  const faults = []
  for (const colorScheme of schemes) {
    await page.emulateMedia({ colorScheme })
    faults.push(...(await look(page)).map((fault) => `${colorScheme}: ${fault}`))
  }
  await context.close()
  return faults
}

async function axe(page, values) {
  await page.evaluate(axeSource)
  const { violations } = await page.evaluate(
    (rules) => globalThis.axe.run(document, { runOnly: { type: 'rule', values: rules }, resultTypes: ['violations'] }),
    values,
  )
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary.split('\n').at(-1).trim()}`))
}

/** Runs in the page: with forced colors a background says nothing, so what can be pressed or filled in needs an edge, and what has the focus an outline. */
function edgeFaults() {
  const faults = []
  const isSeen = (element) => element.checkVisibility() && element.getBoundingClientRect().width > 1
  const name = (element) => `${element.tagName.toLowerCase()}.${element.className}`
  for (const element of document.querySelectorAll('.button, button, input:not([type=hidden]), select, textarea')) {
    const { borderTopStyle, borderTopWidth, appearance } = getComputedStyle(element)
    const isNative = appearance !== 'none' && ['radio', 'checkbox'].includes(element.type)
    const hasEdge = borderTopStyle !== 'none' && parseFloat(borderTopWidth) >= 1
    if (isSeen(element) && !isNative && !hasEdge) faults.push(`${name(element)} has no edge`)
  }
  for (const element of document.querySelectorAll('a[href], button, input:not([type=hidden]), summary')) {
    if (!isSeen(element)) continue
    element.focus({ focusVisible: true, preventScroll: true })
    if (document.activeElement !== element) continue
    const { outlineStyle, outlineWidth } = getComputedStyle(element)
    const shape = element.querySelector('path')
    const isDrawn = shape !== null && getComputedStyle(shape).strokeWidth !== '0px'
    if ((outlineStyle === 'none' || parseFloat(outlineWidth) < 2) && !isDrawn) faults.push(`${name(element)} shows no focus`)
  }
  return [...new Set(faults)]
}

/** Runs in the page. */
function motionFaults() {
  const takesTime = (text) => text.split(',').some((part) => parseFloat(part) > 0)
  const faults = new Set()
  for (const element of document.querySelectorAll('*')) {
    const { transitionDuration, animationDuration, scrollBehavior } = getComputedStyle(element)
    const moves = takesTime(transitionDuration) || takesTime(animationDuration) || scrollBehavior === 'smooth'
    if (moves) faults.add(`${element.tagName.toLowerCase()}.${element.getAttribute('class') ?? ''} moves`)
  }
  return [...faults]
}
