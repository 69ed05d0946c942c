import { HomePage } from './home-page'

export default function Home() {
  return <HomePage />
}
