// The conversation as a tree. A click on a picture goes back there; nothing is overwritten.
import { useChatData } from '@chainlit/react-client'
import { Lock } from 'lucide-react'

export default function Tree() {
  const { loading, connected } = useChatData()
  return (
    <section className="at-panel at-box at-tree" aria-label="The conversation as a tree">
      <p className="at-quiet">Click a picture to go on from there.</p>
      <ol>
        {props.nodes.map((node) => (
          <li key={node.number} data-draft={node.number} data-current={node.current} style={{ '--at-depth': node.depth }}>
            <div className="at-tree-pictures">
              {node.pictures.map((picture) => (
                <button
                  key={picture.name}
                  type="button"
                  data-name={picture.name}
                  title={`Back to ${picture.name}`}
                  disabled={loading || connected === false}
                  onClick={() => sendUserMessage(picture.says)}
                >
                  {picture.src ? <img src={picture.src} alt={picture.name} /> : <span className="at-evidence-none">“</span>}
                  <span className="at-tree-name">
                    {picture.name.replace('picture ', '')} {picture.mark}
                  </span>
                </button>
              ))}
              {node.pictures.length === 0 && <span className="at-tree-none">not rendered</span>}
            </div>
            <div className="at-tree-text">
              <p>
                {node.request}
                {node.current && <span className="at-tag">here</span>}
                {node.branch && <span className="at-tag">{node.branch}</span>}
              </p>
              {node.what && <p className="at-quiet">{node.what}</p>}
              {node.locked && (
                <p className="at-quiet at-locked">
                  <Lock aria-hidden="true" /> {node.locked}
                </p>
              )}
            </div>
          </li>
        ))}
      </ol>
    </section>
  )
}
