// What each phrase does for a picture, and the shortest prompt that keeps it.
import { useChatData } from '@chainlit/react-client'
import { Scissors } from 'lucide-react'

export default function Weighing() {
  const { loading, connected } = useChatData()
  return (
    <section className="at-panel at-box at-weighing" aria-label={props.title}>
      <p>{props.title}</p>
      <ul className="at-weights">
        {props.rows.map((row, i) => (
          <li key={i}>
            <span className="at-weight-phrase">{row.text}</span>
            <span className="at-meter" role="img" aria-label={`${row.percent} of 100`}>
              <span style={{ width: `${row.percent}%` }} />
            </span>
            <span className="at-quiet">{row.words}</span>
          </li>
        ))}
      </ul>
      {props.shortest ? (
        <div className="at-shortest">
          <p className="at-quiet">The shortest prompt that keeps the picture</p>
          <p className="at-prompt">{props.shortest}</p>
          <div className="at-actions">
            <button
              type="button"
              className="at-button"
              data-action="use"
              disabled={loading || connected === false}
              onClick={() => sendUserMessage(props.use)}
            >
              <Scissors aria-hidden="true" /> Use it
            </button>
          </div>
        </div>
      ) : (
        <p className="at-quiet">No phrase can go without changing the picture.</p>
      )}
    </section>
  )
}
