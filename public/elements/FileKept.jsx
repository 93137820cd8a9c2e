// A file that was written for the person.
import { Download } from 'lucide-react'

export default function FileKept() {
  return (
    <section className="at-panel at-box at-file" aria-label={props.title}>
      <div>
        <p>
          {props.title} <span className="at-quiet">{props.means}</span>
        </p>
        <p className="at-quiet at-path">{props.path}</p>
      </div>
      <a className="at-button" href={props.href} download={props.name} data-action="file">
        <Download aria-hidden="true" /> Download
      </a>
    </section>
  )
}
