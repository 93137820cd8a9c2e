// A picture: first the canvas with its progress, then the picture with its recipe and what can be done with it.
import { useState } from 'react'
import { useChatData } from '@chainlit/react-client'
import { Clapperboard, Dices, Download, Heart, ListChecks, MoreHorizontal, Pin, Scale, ThumbsDown, ThumbsUp } from 'lucide-react'
import { Popover, PopoverContent, PopoverTrigger } from '@/components/ui/popover'

function Canvas() {
  const percent = props.steps ? Math.round((100 * props.step) / props.steps) : 0
  return (
    <figure className="at-picture at-rendering">
      {!props.bar && (
        <div className="at-canvas" style={{ aspectRatio: `${props.width} / ${props.height}` }}>
          <div className="at-wash" style={{ height: `${percent}%` }} />
          <span className="at-percent">{props.step ? `${percent}%` : 'Getting ready'}</span>
        </div>
      )}
      <div className="at-bar" role="progressbar" aria-label={props.label} aria-valuenow={percent} aria-valuemin="0" aria-valuemax="100">
        <div style={{ width: `${percent}%` }} />
      </div>
      <figcaption className="at-quiet">{props.label}</figcaption>
    </figure>
  )
}

const ACTIONS = [
  { icon: Heart, label: 'Save', key: 'save' },
  { icon: Dices, label: 'Variation', key: 'variation' },
  { icon: Clapperboard, label: 'More cinematic', key: 'cinematic' }
]
const MORE = [
  { icon: ListChecks, label: 'Check it against the prompt', key: 'check' },
  { icon: Scale, label: 'Which words do anything?', key: 'weigh' },
  { icon: Pin, label: 'Use as reference', key: 'reference' }
]

function Thumbs() {
  const [verdict, setVerdict] = useState('')
  const [said, setSaid] = useState('')
  const rate = async (wanted) => {
    const answer = (await callAction({ name: 'rate', payload: { picture: props.name, verdict: wanted } }))?.response
    setSaid(answer ? answer.error || answer.news : 'It could not be kept. Reload the page and try again.')
    if (answer && !answer.error) setVerdict(answer.verdict)
  }
  const thumb = (wanted, Icon, label) => (
    <button
      type="button"
      className="at-button at-round"
      data-action={wanted}
      aria-label={label}
      title={label}
      aria-pressed={verdict === wanted}
      onClick={() => rate(wanted)}
    >
      <Icon aria-hidden="true" />
    </button>
  )
  return (
    <>
      {thumb('up', ThumbsUp, 'I like it')}
      {thumb('down', ThumbsDown, 'I do not like it')}
      {said && (
        <span className="at-quiet at-news" role="status">
          {said}
        </span>
      )}
    </>
  )
}

function Say({ of, className }) {
  const { loading, connected } = useChatData()
  const { icon: Icon, label, key } = of
  return (
    <button
      type="button"
      className={className}
      data-action={key}
      disabled={loading || connected === false}
      onClick={() => sendUserMessage(props.says[key])}
    >
      <Icon aria-hidden="true" /> {label}
    </button>
  )
}

function Finished() {
  return (
    <figure className="at-picture" data-name={props.name}>
      <a href={props.file} target="_blank" rel="noreferrer" className="at-frame" style={{ width: props.shownWidth }}>
        <img src={props.src} alt={props.alt} style={{ aspectRatio: `${props.width} / ${props.height}` }} />
      </a>
      <figcaption>
        <span className="at-name">{props.name}</span>
        <span className="at-recipe">{props.caption}</span>
      </figcaption>
      {props.notes.map((note) => (
        <p className="at-note" key={note}>
          {note}
        </p>
      ))}
      <div className="at-actions">
        <Thumbs />
        {ACTIONS.map((one) => (
          <Say key={one.key} of={one} className="at-button" />
        ))}
        <a className="at-button" href={props.file} download={props.fileName} data-action="download">
          <Download aria-hidden="true" /> PNG
        </a>
        <Popover>
          <PopoverTrigger asChild>
            <button type="button" className="at-button at-round" data-action="more" aria-label="More" title="More">
              <MoreHorizontal aria-hidden="true" />
            </button>
          </PopoverTrigger>
          <PopoverContent className="at-menu" align="end">
            {MORE.map((one) => (
              <Say key={one.key} of={one} className="at-item" />
            ))}
          </PopoverContent>
        </Popover>
      </div>
    </figure>
  )
}

export default function Picture() {
  return props.src ? <Finished /> : <Canvas />
}
