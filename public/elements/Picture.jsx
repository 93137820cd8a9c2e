// A picture: first the canvas with its progress, then the picture with its recipe and what can be done with it.
import { useChatData } from '@chainlit/react-client'
import { Clapperboard, Dices, Download, Heart, Pin } from 'lucide-react'

function Canvas() {
  const percent = props.steps ? Math.round((100 * props.step) / props.steps) : 0
  return (
    <figure className="at-picture at-rendering">
      <div className="at-canvas" style={{ aspectRatio: `${props.width} / ${props.height}` }}>
        <div className="at-wash" style={{ height: `${percent}%` }} />
        <span className="at-percent">{props.step ? `${percent}%` : 'Getting ready'}</span>
      </div>
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
  { icon: Clapperboard, label: 'More cinematic', key: 'cinematic' },
  { icon: Pin, label: 'Use as reference', key: 'reference' }
]

function Finished() {
  const { loading, connected } = useChatData()
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
        {ACTIONS.map(({ icon: Icon, label, key }) => (
          <button
            key={key}
            type="button"
            className="at-button"
            data-action={key}
            disabled={loading || connected === false}
            onClick={() => sendUserMessage(props.says[key])}
          >
            <Icon aria-hidden="true" /> {label}
          </button>
        ))}
        <a className="at-button" href={props.file} download={props.fileName} data-action="download">
          <Download aria-hidden="true" /> PNG
        </a>
      </div>
    </figure>
  )
}

export default function Picture() {
  return props.src ? <Finished /> : <Canvas />
}
