// The new prompt as a diff, and for each change where it comes from. A click on the evidence shows its pictures.
import { Lightbulb, Lock } from 'lucide-react'
import { Popover, PopoverContent, PopoverTrigger } from '@/components/ui/popover'

const SIGN = { added: '+', removed: '−', replaced: '→' }

function Text({ pieces }) {
  return pieces.map((piece, i) =>
    piece.locked ? (
      <span key={i} className="at-lock" title="Locked: no change touches it">
        <Lock aria-label="locked" />
        {piece.text}
      </span>
    ) : (
      <span key={i}>{piece.text}</span>
    )
  )
}

function Evidence({ evidence, whose, source }) {
  if (!evidence.length)
    return source === 'assistant' ? (
      <span className="at-own" title="No example in the library stands behind it">
        <Lightbulb aria-hidden="true" /> {whose}
      </span>
    ) : (
      <span className="at-quiet">{whose}</span>
    )
  return (
    <Popover>
      <PopoverTrigger asChild>
        <button type="button" className="at-evidence" aria-label={`Show the ${evidence.length} examples that this comes from`}>
          {evidence.slice(0, 3).map((e) =>
            e.picture ? <img key={e.id} src={e.picture} alt="" /> : <span key={e.id} className="at-evidence-none">“</span>
          )}
          <span>
            from {evidence.length} {evidence.length === 1 ? 'example' : 'examples'}
          </span>
        </button>
      </PopoverTrigger>
      <PopoverContent className="at-popover" align="start">
        {evidence.map((e) => (
          <div className="at-evidence-row" key={e.id}>
            {e.picture ? <img src={e.picture} alt={`Picture of example ${e.id}`} /> : <span className="at-evidence-none">“</span>}
            <p>
              {e.before}
              <mark>{e.phrase}</mark>
              {e.after}
            </p>
          </div>
        ))}
      </PopoverContent>
    </Popover>
  )
}

export default function PromptDiff() {
  return (
    <section className="at-panel at-diff" aria-label="The prompt and its changes">
      <p className="at-prompt">
        {props.phrases.map((phrase, i) => (
          <span key={i}>
            {phrase.kind === 'added' ? (
              <ins data-own={phrase.own}>
                <Text pieces={phrase.pieces} />
              </ins>
            ) : phrase.kind === 'removed' ? (
              <del>
                <Text pieces={phrase.pieces} />
              </del>
            ) : (
              <Text pieces={phrase.pieces} />
            )}
            {i < props.phrases.length - 1 && (phrase.kind === 'removed' ? ' ' : ', ')}
          </span>
        ))}
      </p>
      {props.negative && (
        <p className="at-quiet">
          Without: <span>{props.negative}</span>
        </p>
      )}
      {props.changes.length > 0 && (
        <ul className="at-changes">
          {props.changes.map((change, i) => (
            <li key={i} data-kind={change.kind}>
              <span className="at-sign" aria-label={change.kind}>
                {SIGN[change.kind]}
              </span>
              <span className="at-change-phrase">
                {change.kind === 'replaced' && <del>{change.was}</del>} {change.phrase}
              </span>
              {change.lift && <span className="at-lift" title={change.liftMeans}>{change.lift}</span>}
              <Evidence evidence={change.evidence} whose={change.whose} source={change.source} />
            </li>
          ))}
        </ul>
      )}
      {props.locked.length > 0 && (
        <p className="at-quiet at-locked">
          <Lock aria-hidden="true" /> {props.locked.join(', ')} {props.locked.length > 1 ? 'stay' : 'stays'} until you say “unlock”.
        </p>
      )}
      {props.kept && <p className="at-quiet">{props.kept}</p>}
    </section>
  )
}
