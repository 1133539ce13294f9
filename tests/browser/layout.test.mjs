// What a page does with the room and the line it gets: nothing runs off the side, nothing moves
// after it is shown, little is sent, and paper shows what matters.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { articlePages, crawl, distinct, expectNone, marks, missingPage, openBrowser, openReader, visit } from './site.mjs'

/** One first view of an article: HTML, styles, fonts, pictures, with heads, in bytes. */
const maxFirstViewBytes = 60 * 1024
/** HTML and CSS alone, for the longest article that we ship: 1,800 words with 29 sources. */
const maxHtmlAndCssBytes = 23 * 1024
/** What each chart and diagram adds: it is a picture, and stands in the HTML so that its words are words. */
const maxDrawingBytes = 1280

const browser = await openBrowser()
after(() => browser.close())
const everything = (await crawl(browser)).pages
const pages = distinct(everything)
const articles = articlePages(pages)

before(() => assert.ok(articles.length > 0, 'no article page was found: nothing could be measured'))

test('every page links the sheets of all that it shows', async () => {
  // Parts of the sheets are for some pages alone, so a page can lack one: words would stand there without their look.
  const context = await openReader(browser)
  const page = await context.newPage()
  const shown = []
  for (const { path } of everything) {
    await page.goto(path)
    shown.push({ path, ...(await page.evaluate(classesAndSheets)) })
  }
  await context.close()
  const styled = new Map()
  for (const sheet of new Set(shown.flatMap(({ sheets }) => sheets))) {
    const css = await (await fetch(sheet)).text()
    styled.set(sheet, new Set([...css.matchAll(/\.([a-z][a-z0-9_-]*)/g)].map(([, name]) => name)))
  }
  const anywhere = new Set([...styled.values()].flatMap((names) => [...names]))
  assert.ok(styled.size >= 4 && anywhere.size > 100, `only ${styled.size} sheets with ${anywhere.size} classes were found`)
  expectNone(
    shown.flatMap(({ path, classes, sheets }) =>
      classes
        .filter((name) => anywhere.has(name) && !sheets.some((sheet) => styled.get(sheet).has(name)))
        .map((name) => `${path} shows \`.${name}\` and links no sheet that has it: name its sheet in the template's block \`sheets\``),
    ),
  )
})

for (const { path } of pages) {
  test(`${path} never scrolls sideways`, async () => {
    const context = await openReader(browser)
    const page = await visit(context, path)
    const faults = []
    for (const width of [320, 360, 768, 1280]) {
      await page.setViewportSize({ width, height: 800 })
      faults.push(...(await page.evaluate(sidewaysFaults)).map((fault) => `${path} at ${width} px: ${fault}`))
    }
    await context.close()
    expectNone(faults)
  })

  test(`${path} grows with the reader's own text size and still fits 320 px`, async () => {
    const context = await openReader(browser, { viewport: { width: 320, height: 800 } })
    const page = await visit(context, path)
    const textSize = () => page.evaluate(() => parseFloat(getComputedStyle(document.querySelector('h1')).fontSize))
    const normal = await textSize()
    const devtools = await context.newCDPSession(page)
    // The same setting as "font size: very large" in the browser's preferences, twice the usual 16 px.
    await devtools.send('Page.setFontSizes', { fontSizes: { standard: 32, fixed: 26 } })
    const large = await textSize()
    assert.ok(large >= normal * 1.5, `${path}: the h1 is ${normal} px and with the text size doubled ${large} px: use rem, not px`)
    const faults = await page.evaluate(sidewaysFaults)
    await context.close()
    expectNone(faults, `${path} with text at 200 %`)
  })

  if (path !== missingPage) {
    test(`${path} keeps every word on paper`, async () => {
      const context = await openReader(browser)
      const page = await visit(context, path)
      // 673 px is A4 less margins of 16 mm. Letter is wider.
      await page.setViewportSize({ width: 673, height: 950 })
      await page.emulateMedia({ media: 'print', colorScheme: 'light' })
      const faults = await page.evaluate(paperFaults, marks)
      await context.close()
      expectNone(faults, path)
    })
  }
}

for (const { path } of articles) {
  test(`${path} does not move when its font comes late`, async () => {
    const faults = []
    for (const width of [360, 1280]) {
      const context = await openReader(browser, { viewport: { width, height: 800 } })
      await context.addInitScript(watchShifts)
      await context.route(/\.(woff2?|ttf|otf)(\?|$)/, async (route) => {
        await new Promise((resolve) => setTimeout(resolve, 600))
        await route.continue()
      })
      const page = await visit(context, path)
      // Two frames after the last font, so that a shift which it causes has been counted.
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))))
      const shifts = await page.evaluate(() => window.shifts())
      const total = shifts.reduce((sum, shift) => sum + shift.value, 0)
      // The measure is told with three digits, so this is 0.
      if (total >= 0.0005) {
        faults.push(...shifts.map((shift) => `${path} at ${width} px: ${shift.value.toFixed(4)}: ${shift.moved.join(', ') || 'gone elements'}`))
      }
      await context.close()
    }
    expectNone(faults)
  })

  test(`${path} is light: HTML and CSS ${maxHtmlAndCssBytes} bytes, all ${maxFirstViewBytes}, and ${maxDrawingBytes} for each drawing`, async (t) => {
    const context = await openReader(browser)
    const page = await context.newPage()
    const devtools = await context.newCDPSession(page)
    const answers = new Map()
    await devtools.send('Network.enable')
    devtools.on('Network.responseReceived', ({ requestId, type, response }) => {
      answers.set(requestId, {
        type,
        address: response.url,
        coding: response.headers['content-encoding'] ?? response.headers['Content-Encoding'] ?? 'none',
      })
    })
    devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      const answer = answers.get(requestId)
      if (answer) answer.bytes = encodedDataLength // head and coded body, as they crossed the line
    })
    await page.goto(path, { waitUntil: 'networkidle' })
    const drawings = maxDrawingBytes * (await page.locator('.diagram__picture, .chart').count())
    const got = [...answers.values()].filter((answer) => answer.address.startsWith('http'))
    await context.close()
    const table = got.map(({ bytes, coding, type, address }) => `${bytes} bytes, ${coding}, ${type}: ${address}`).join('\n  ')
    const sum = (list) => list.reduce((total, { bytes = 0 }) => total + bytes, 0)
    // The sheet for paper comes last and holds nothing up, so it is no part of the first view.
    const isForScreen = ({ type, address }) => type === 'Document' || (type === 'Stylesheet' && !address.includes('/static/print.'))
    const htmlAndCss = sum(got.filter(isForScreen))
    const all = sum(got)
    t.diagnostic(`${path}: HTML and CSS ${htmlAndCss} bytes, all ${all} bytes`)
    assert.ok(got.length > 0 && got.every(({ bytes }) => bytes > 0), `an answer has no known size:\n  ${table}`)
    assert.ok(got.find(({ type }) => type === 'Document').coding === 'br', `the page did not come with br:\n  ${table}`)
    assert.ok(htmlAndCss <= maxHtmlAndCssBytes + drawings, `HTML and CSS have ${htmlAndCss} bytes:\n  ${table}`)
    assert.ok(all <= maxFirstViewBytes + drawings, `the first view has ${all} bytes:\n  ${table}`)
  })

  test(`${path} shows the emergency card on paper and offers no visit there`, async () => {
    const context = await openReader(browser, { viewport: { width: 673, height: 950 } })
    const page = await visit(context, path)
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
    const faults = await page.evaluate((marks) => {
      const shown = (selector) => [...document.querySelectorAll(selector)].filter((element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
      const faults = []
      if (shown(marks.emergencyCard).length === 0) faults.push(`no \`${marks.emergencyCard}\` is visible`)
      for (const selector of ['nav', marks.skipLink, marks.bookingCard, marks.bookingLink]) {
        for (const element of shown(selector)) faults.push(`visible: ${element.outerHTML.slice(0, 100)}`)
      }
      // A printer in dark mode would print light words on white paper, or a black page.
      const [red, green, blue] = getComputedStyle(document.querySelector('h1')).color.match(/\d+(\.\d+)?/g).map(Number)
      if (red + green + blue > 300) faults.push(`the h1 prints in rgb(${red}, ${green}, ${blue}), too pale for paper`)
      return faults
    }, marks)
    await context.close()
    expectNone(faults, path)
  })
}

/** Runs in the page: names what makes it scroll sideways. */
function sidewaysFaults() {
  const root = document.documentElement
  const room = root.clientWidth
  const widest = Math.max(root.scrollWidth, document.body.scrollWidth)
  // What a page merely hides at the side is lost to the reader, so hiding it is no way out.
  const scrollsOrFits = (element) => {
    for (let outer = element; outer && outer !== document.body; outer = outer.parentElement) {
      const style = getComputedStyle(outer)
      if (['auto', 'scroll'].includes(style.overflowX)) return true
      const box = outer.getBoundingClientRect()
      if (style.overflowX !== 'visible' && box.width <= 1 && box.height <= 1) return true // hidden for the eye only
    }
    return false
  }
  const wide = [...document.body.querySelectorAll('*')]
    .filter((element) => element.checkVisibility({ visibilityProperty: true }))
    .filter((element) => {
      const box = element.getBoundingClientRect()
      return box.width > 0 && (box.right > room + 1 || (box.left < -1 && box.right > 0)) && !scrollsOrFits(element)
    })
  // The innermost elements are the cause; those around them only follow.
  const innermost = wide.filter((element) => !wide.some((other) => other !== element && element.contains(other)))
  const faults = innermost.map((element) => {
    const box = element.getBoundingClientRect()
    return `from ${Math.round(box.left)} to ${Math.round(box.right)} of ${room} px: ${element.outerHTML.slice(0, 100).replace(/\s+/g, ' ')}`
  })
  if (widest > room && faults.length === 0) faults.push(`the page is ${widest} px wide and has ${room} px`)
  return faults
}

/** Runs in the page: adds up what moved, from the first paint on. */
function watchShifts() {
  const found = []
  const keep = (entries) => {
    for (const entry of entries) {
      const moved = entry.sources.map((source) => source.node?.nodeName === '#text' ? `text in ${source.node.parentElement?.localName}` : source.node?.outerHTML?.slice(0, 80) ?? '')
      found.push({ value: entry.value, moved: moved.filter(Boolean) })
    }
  }
  const observer = new PerformanceObserver((list) => keep(list.getEntries()))
  observer.observe({ type: 'layout-shift', buffered: true })
  window.shifts = () => {
    keep(observer.takeRecords())
    return found
  }
}

/** Runs in the page with print styles on: names words that paper would cut off or leave folded. */
function paperFaults(marks) {
  const faults = []
  const name = (element) => element.outerHTML.slice(0, 100).replace(/\s+/g, ' ')
  const room = document.documentElement.clientWidth
  const shown = [...document.body.querySelectorAll('*')].filter((element) => element.checkVisibility({ visibilityProperty: true }))
  for (const element of shown) {
    const style = getComputedStyle(element)
    const box = element.getBoundingClientRect()
    const words = element.textContent.trim()
    const hiddenForTheEyeOnly = (box.width <= 1 && box.height <= 1) || element.closest(marks.skipLink)
    if (!words || hiddenForTheEyeOnly) continue
    if (style.overflowX !== 'visible' && element.scrollWidth > element.clientWidth + 1 && style.display !== 'inline') faults.push(`cut off at the side: ${name(element)}`)
    if (style.overflowY !== 'visible' && element.scrollHeight > element.clientHeight + 1 && style.display !== 'inline') faults.push(`cut off below: ${name(element)}`)
    if (['fixed', 'sticky'].includes(style.position)) faults.push(`${style.position}, so it would cover words or repeat: ${name(element)}`)
    if (box.right > room + 1 && element.children.length === 0) faults.push(`runs off the paper: ${name(element)}`)
  }
  for (const disclosure of document.querySelectorAll('details')) {
    if (!disclosure.checkVisibility()) continue
    const folded = [...disclosure.children].filter((child) => child.localName !== 'summary' && !child.checkVisibility())
    if (folded.length > 0) faults.push(`stays folded: ${name(disclosure)}`)
  }
  return faults
}

/** Runs in the page: the classes of its elements, and the addresses of its sheets. */
function classesAndSheets() {
  const classes = new Set([...document.querySelectorAll('body [class]')].flatMap((element) => [...element.classList]))
  const sheets = [...document.querySelectorAll('link[rel=stylesheet]')].map((link) => link.href)
  return { classes: [...classes], sheets }
}
