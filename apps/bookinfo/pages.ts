import type { BackendAnswer } from './backend.ts';
import type { Product } from './catalogue.ts';
import { html, trusted } from './html.ts';
import type { Html } from './html.ts';
import type { Settings } from './settings.ts';
import { shownDetails, shownReviews } from './shown.ts';
import type { ShownRating, ShownReview } from './shown.ts';

export interface Shown {
  user: string;
  product: Product;
  details: BackendAnswer;
  reviews: BackendAnswer;
}

export const DETAILS_UNAVAILABLE = 'Sorry, product details are currently unavailable for this book.';
export const REVIEWS_UNAVAILABLE = 'Sorry, product reviews are currently unavailable for this book.';
export const RATINGS_UNAVAILABLE = 'Sorry, product ratings are currently unavailable for this book.';

export function productPage({ user, product, details, reviews }: Shown): Html {
  return frame(html`
    <header>
      <a class="shop" href="/productpage">Bookstore</a>
      ${user === '' ? signInForm() : signedInAs(user)}
    </header>
    <main>
      <h1>${product.title}</h1>
      <p>${trusted(product.descriptionHtml)}</p>
      <section id="details" data-status="${details.status}">
        ${details.status === 200 ? detailsTable(details.body) : apology('product details', DETAILS_UNAVAILABLE)}
      </section>
      <section id="reviews" data-status="${reviews.status}">
        ${reviews.status === 200 ? reviewsList(reviews.body) : apology('product reviews', REVIEWS_UNAVAILABLE)}
      </section>
    </main>
  `);
}

export function frontPage({ backends }: Settings): Html {
  const services = Object.entries(backends).map(
    ([name, url]) =>
      html`<dt>${name}</dt>
        <dd>${url}</dd>`,
  );
  return frame(html`
    <main>
      <h1>Bookstore</h1>
      <p>One book, four services. <a href="/productpage">Go to the product page</a>.</p>
      <h2>Services behind it</h2>
      <dl>${services}</dl>
    </main>
  `);
}

function frame(content: Html): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>Simple Bookstore App</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/static/bookstore.css" />
      </head>
      <body>
        ${content}
      </body>
    </html> `;
}

function signInForm(): Html {
  return html`<form method="post" action="/login">
    <label>User name <input name="username" autocomplete="username" required /></label>
    <label>Password <input name="passwd" type="password" autocomplete="current-password" /></label>
    <button>Sign in</button>
  </form>`;
}

function signedInAs(user: string): Html {
  return html`<p>Signed in as <strong id="user">${user}</strong> <a href="/logout">Sign out</a></p>`;
}

function apology(what: string, sentence: string): Html {
  return html`<h2 class="error">Error fetching ${what}</h2>
    <p class="error" role="alert">${sentence}</p>`;
}

function detailsTable(body: unknown): Html {
  const rows = shownDetails(body).map(
    ([name, value]) =>
      html`<dt>${name}</dt>
        <dd>${value}</dd>`,
  );
  return html`<h2>Book Details</h2>
    <dl>${rows}</dl>`;
}

function reviewsList(body: unknown): Html {
  const { pod, cluster, reviews } = shownReviews(body);
  const where = cluster === 'null' ? '' : ` on cluster ${cluster}`;
  return html`<h2>Book Reviews</h2>
    ${reviews.map(reviewCard)}
    <p class="served">Reviews served by <code id="reviews-pod">${pod}</code>${where}</p>`;
}

function reviewCard({ reviewer, text, rating }: ShownReview): Html {
  return html`<article class="review">
    <blockquote>${text}</blockquote>
    <p class="reviewer">${reviewer}</p>
    ${rating === undefined ? '' : ratingLine(rating)}
  </article>`;
}

function ratingLine(rating: ShownRating | string): Html {
  if (typeof rating === 'string') return html`<p class="rating error">${rating}</p>`;
  const { stars, color } = rating;
  const glyphs = Array.from({ length: stars }, () => html`<span class="star" style="color:${color}">★</span>`);
  const label = `${stars} of 5 stars, ${color}`;
  return html`<p class="rating" role="img" aria-label="${label}" data-stars="${stars}" data-color="${color}">
    ${glyphs}
  </p>`;
}
