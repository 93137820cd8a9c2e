// The taste card: what the person keeps and drops, to be read, edited and wiped. Edits are kept at once.
import { useState } from 'react'
import { Check, Plus, Trash2, X } from 'lucide-react'

export default function Taste() {
  const [card, setCard] = useState(props)
  const [text, setText] = useState('')
  const [asking, setAsking] = useState(false)
  const [said, setSaid] = useState('')

  const edit = async (how, words) => {
    setAsking(false)
    const answer = (await callAction({ name: 'taste', payload: { how, text: words || '' } }))?.response
    setSaid(answer ? answer.error || '' : 'It could not be kept. Reload the page and try again.')
    if (answer && !answer.error) {
      setCard(answer)
      setText('')
    }
  }

  return (
    <section className="at-panel at-box at-taste" aria-label="Your taste card">
      <p className="at-verdict">{card.sentence}</p>
      {card.off && <p className="at-quiet">{card.off}</p>}
      {card.lines.length > 0 && (
        <ul className="at-lines">
          {card.lines.map((line) => (
            <li key={`${line.phrase} ${line.keeps}`} data-keeps={line.keeps}>
              <span className="at-line-verb">{line.keeps ? 'keep' : 'drop'}</span>
              <span className="at-line-phrase">{line.phrase}</span>
              <span className="at-meter" role="img" aria-label={`${line.percent} of 100 strong`}>
                <span style={{ width: `${line.percent}%` }} />
              </span>
              <span className="at-quiet">{line.facts}</span>
              <button type="button" className="at-icon" aria-label={`Remove ${line.phrase}`} title="Remove" onClick={() => edit('remove', line.phrase)}>
                <X aria-hidden="true" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <form
        className="at-add"
        onSubmit={(event) => {
          event.preventDefault()
          if (text.trim()) edit('add', text)
        }}
      >
        <input
          value={text}
          maxLength={200}
          aria-label="A line for the card"
          placeholder="low-key light, no bokeh"
          onChange={(event) => setText(event.target.value)}
        />
        <button type="submit" className="at-button" disabled={!text.trim()}>
          <Plus aria-hidden="true" /> Add
        </button>
        {card.lines.length > 0 &&
          (asking ? (
            <button type="button" className="at-button at-grave" onClick={() => edit('wipe')}>
              <Check aria-hidden="true" /> Forget everything?
            </button>
          ) : (
            <button type="button" className="at-button" onClick={() => setAsking(true)}>
              <Trash2 aria-hidden="true" /> Wipe
            </button>
          ))}
      </form>
      {said && (
        <p className="at-quiet" role="status">
          {said}
        </p>
      )}
    </section>
  )
}
