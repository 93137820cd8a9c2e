// A picture held against its prompt, phrase by phrase.
import { useChatData } from '@chainlit/react-client'
import { WandSparkles } from 'lucide-react'

export default function Check() {
  const { loading, connected } = useChatData()
  return (
    <section className="at-panel at-box at-check" aria-label={props.title}>
      <p>{props.title}</p>
      <ul className="at-seen">
        {props.phrases.map((phrase, i) => (
          <li key={i} data-state={phrase.state} title={phrase.means}>
            <span aria-label={phrase.means}>{phrase.mark}</span> {phrase.text}
          </li>
        ))}
      </ul>
      {props.mend && (
        <div className="at-actions">
          <button
            type="button"
            className="at-button"
            data-action="mend"
            disabled={loading || connected === false}
            onClick={() => sendUserMessage(props.mend)}
          >
            <WandSparkles aria-hidden="true" /> Try to mend what is missing
          </button>
        </div>
      )}
    </section>
  )
}
