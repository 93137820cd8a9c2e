// The examples that a search found, with their pictures and the conditions of the search. A click on an example shows it
// in full; a click on a condition searches again without it.
import { useState } from 'react'
import { useChatData } from '@chainlit/react-client'
import { Check, Copy, Heart, X } from 'lucide-react'
import { Dialog, DialogContent, DialogDescription, DialogTitle, DialogTrigger } from '@/components/ui/dialog'

function Thumb({ example, large }) {
  const label = `Picture of example ${example.id}`
  return example.picture ? (
    <img className={large ? 'at-thumb at-thumb-large' : 'at-thumb'} src={example.picture} alt={label} loading="lazy" />
  ) : (
    <div className={large ? 'at-thumb at-thumb-large at-thumb-none' : 'at-thumb at-thumb-none'} role="img" aria-label="No picture kept">
      “
    </div>
  )
}

function CopyButton({ text }) {
  const [done, setDone] = useState(false)
  const copy = () => navigator.clipboard.writeText(text).then(() => setDone(true))
  return (
    <button type="button" className="at-button" onClick={copy}>
      {done ? <Check /> : <Copy />} {done ? 'Copied' : 'Copy the prompt'}
    </button>
  )
}

function Example({ example }) {
  return (
    <Dialog>
      <DialogTrigger asChild>
        <button type="button" className="at-example" title={example.prompt} data-id={example.id}>
          <Thumb example={example} />
          <span className="at-example-text">
            {example.favourite && (
              <span className="at-favourite">
                <Heart aria-hidden="true" /> your favourite
              </span>
            )}
            <span className="at-example-prompt">{example.prompt}</span>
            {example.alike && <span className="at-alike">{example.alike}</span>}
          </span>
        </button>
      </DialogTrigger>
      <DialogContent className="at-dialog">
        <DialogTitle className="at-dialog-title">Example {example.id}</DialogTitle>
        <Thumb example={example} large />
        <DialogDescription className="at-dialog-prompt">{example.prompt}</DialogDescription>
        <p className="at-quiet">{example.facts}</p>
        <CopyButton text={example.prompt} />
      </DialogContent>
    </Dialog>
  )
}

function Chips({ chips }) {
  const { loading, connected } = useChatData()
  return (
    <ul className="at-chips" aria-label="Conditions of this search">
      {chips.map((chip) => (
        <li key={chip.text}>
          <button
            type="button"
            className="at-button at-chip"
            title={`Search again without “${chip.text}”`}
            aria-label={`Take away: ${chip.text}`}
            disabled={loading || connected === false}
            onClick={() => sendUserMessage(chip.says)}
          >
            {chip.text} <X aria-hidden="true" />
          </button>
        </li>
      ))}
    </ul>
  )
}

export default function Examples() {
  const [all, setAll] = useState(false)
  const shown = all ? props.examples : props.examples.slice(0, 6)
  return (
    <section className="at-panel" aria-label={props.title}>
      {props.verdict && (
        <p className="at-verdict" data-verdict={props.verdict}>
          {props.sentence}
        </p>
      )}
      {props.agreement && (
        <div className="at-agreement">
          <span className="at-meter" role="img" aria-label={`They agree ${props.agreement.percent} of 100`}>
            <span style={{ width: `${props.agreement.percent}%` }} />
          </span>
          <span>{props.agreement.words}</span>
          <span className="at-quiet">Nothing is rendered.</span>
        </div>
      )}
      {props.facts.length > 0 && (
        <dl className="at-facts">
          {props.facts.map((fact) => (
            <div key={fact.name}>
              <dt>{fact.name}</dt>
              <dd>{fact.value}</dd>
            </div>
          ))}
        </dl>
      )}
      {props.chips?.length > 0 && <Chips chips={props.chips} />}
      <div className="at-examples">
        {shown.map((example) => (
          <Example key={example.id} example={example} />
        ))}
      </div>
      {props.examples.length > 6 && (
        <button type="button" className="at-more" onClick={() => setAll(!all)}>
          {all ? 'Show fewer' : `Show ${props.examples.length - 6} more`}
        </button>
      )}
    </section>
  )
}
