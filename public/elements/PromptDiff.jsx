// The new prompt as a diff, and for each change where it comes from. A click on the evidence shows its pictures.
import { Popover, PopoverContent, PopoverTrigger } from '@/components/ui/popover'

const SIGN = { added: '+', removed: '−', replaced: '→' }

function Evidence({ evidence }) {
  if (!evidence.length) return <span className="at-quiet">your words</span>
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
            {phrase.kind === 'added' ? <ins>{phrase.text}</ins> : phrase.kind === 'removed' ? <del>{phrase.text}</del> : phrase.text}
            {i < props.phrases.length - 1 && ', '}
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
              {change.kind !== 'removed' && <Evidence evidence={change.evidence} />}
            </li>
          ))}
        </ul>
      )}
      {props.kept && <p className="at-quiet">{props.kept}</p>}
    </section>
  )
}
