/** The pages' only style sheet. They can be read without it, and the stars carry their colour themselves. */
export const STYLE = `:root { font: 17px/1.5 system-ui, sans-serif; color: #222; background: #f6f4ef; }
body { margin: 0 auto; max-width: 46rem; padding: 1rem; }
header { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: center; gap: 1rem; }
header form { display: flex; flex-wrap: wrap; gap: .75rem; align-items: center; }
input { font: inherit; width: 8rem; }
button { font: inherit; }
.shop { font-weight: bold; }
section { background: white; border: 1px solid #ddd6c8; padding: .25rem 1.25rem; margin: 1rem 0; }
dl { display: grid; grid-template-columns: 8rem 1fr; gap: .25rem 1rem; }
dt { color: #666; text-transform: capitalize; }
dd { margin: 0; }
.review { border-top: 1px solid #ddd6c8; }
blockquote { margin: .75rem 0 0; font-style: italic; }
.reviewer, .served { color: #666; margin: .25rem 0; }
.star { font-size: 1.5rem; }
.error { color: #a40000; }
`;
