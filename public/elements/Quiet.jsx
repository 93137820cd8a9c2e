// A small line beside the conversation: what the model used, or something that is good to know.
import { Info } from 'lucide-react'

export default function Quiet() {
  return (
    <p className="at-line" data-kind={props.kind} role="note">
      {props.kind === 'notice' && <Info aria-hidden="true" />} {props.text}
    </p>
  )
}
