// What Chainlit's page has no place for: the line that says which parts are in use, and words said before it is connected.
// Chainlit's own elements are left alone.
;(() => {
  const THEME = 'vite-ui-theme'
  if (!localStorage.getItem(THEME)) localStorage.setItem(THEME, 'system') // runs before the page reads it

  const make = (tag, className, text) => {
    const element = document.createElement(tag)
    if (className) element.className = className
    if (text) element.textContent = text
    return element
  }

  const show = ({ title, parts }) => {
    document.getElementById('at-parts')?.remove()
    const box = make('details')
    box.id = 'at-parts'
    box.append(make('summary', '', title))
    const list = make('dl')
    for (const part of parts) {
      const row = make('div')
      row.dataset.builtIn = part.built_in
      const inUse = make('dd', 'at-part-in-use', part.in_use)
      if (part.built_in) inUse.append(make('span', 'at-tag', 'built in'))
      row.append(make('dt', '', part.part), inUse)
      if (part.built_in) row.append(make('dd', 'at-part-real', part.real))
      list.append(row)
    }
    box.append(list)
    document.body.append(box)
  }

  // Chainlit ignores Enter while it connects: the words wait for its button, and go when it lets them.
  let waiting = 0
  const hold = (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.target.id !== 'chat-input') return
    if (!event.target.value?.trim() || !document.getElementById('chat-submit')?.disabled) return
    event.preventDefault()
    event.stopImmediatePropagation()
    clearInterval(waiting)
    waiting = setInterval(() => {
      const button = document.getElementById('chat-submit')
      if (button?.disabled) return
      clearInterval(waiting)
      button?.click()
    }, 50)
  }
  window.addEventListener('keydown', hold, true)

  window.addEventListener('message', (event) => {
    if (event.source === window && event.data?.type === 'atelier-parts') show(event.data)
  })
  // A new canvas, or a prompt that waits, comes under the examples: go to the end once. Chainlit follows from there until the person scrolls away.
  const seen = new WeakSet()
  new MutationObserver(() => {
    for (const canvas of document.querySelectorAll('.at-rendering, .at-editor')) {
      const step = canvas.closest('.step')
      if (!step || seen.has(step)) continue
      seen.add(step)
      const scroller = step.closest('.overflow-y-auto')
      setTimeout(() => scroller?.scrollTo({ top: scroller.scrollHeight }), 60)
    }
  }).observe(document.documentElement, { childList: true, subtree: true })

  const close = (event) => {
    const box = document.getElementById('at-parts')
    if (box?.open && (event.key === 'Escape' || (event.type === 'click' && !box.contains(event.target)))) box.open = false
  }
  document.addEventListener('click', close)
  document.addEventListener('keydown', close)
})()
