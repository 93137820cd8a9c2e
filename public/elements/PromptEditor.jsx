// A prompt that waits: to be read, edited by hand, and rendered.
import { useState } from 'react'
import { useChatData } from '@chainlit/react-client'
import { Lock, Palette, RotateCcw } from 'lucide-react'

export default function PromptEditor() {
  const { loading, connected } = useChatData()
  const [text, setText] = useState(props.prompt)
  const edited = text.trim() !== props.prompt.trim()
  const render = () => sendUserMessage(edited ? props.edited + text.trim() : props.render)
  return (
    <section className="at-panel at-box at-editor" aria-label="The prompt that waits" data-draft={props.number}>
      <label className="at-quiet" htmlFor={`at-editor-${props.number}`}>
        Not rendered yet. Edit the prompt if you like.
      </label>
      <textarea
        id={`at-editor-${props.number}`}
        className="at-prompt"
        value={text}
        rows={Math.min(10, 1 + Math.ceil(text.length / 62))}
        spellCheck="false"
        onChange={(event) => setText(event.target.value)}
      />
      {props.negative && <p className="at-quiet">Without: {props.negative}</p>}
      {props.locked.length > 0 && (
        <p className="at-quiet at-locked">
          <Lock aria-hidden="true" /> {props.locked.join(', ')}
        </p>
      )}
      <div className="at-actions">
        <button
          type="button"
          className="at-button at-main"
          data-action="render"
          disabled={loading || connected === false || !text.trim()}
          onClick={render}
        >
          <Palette aria-hidden="true" /> Render it
        </button>
        {edited && (
          <button type="button" className="at-button" onClick={() => setText(props.prompt)}>
            <RotateCcw aria-hidden="true" /> As it was
          </button>
        )}
      </div>
    </section>
  )
}
