// Talks to the page's own server; every answer is a plain object with `ok`.

export async function get(path) {
  const answer = await fetch(path, { headers: { Accept: "application/json" }, cache: "no-store" });
  if (!answer.ok) throw Object.assign(new Error(`${path}: ${answer.status}`), { status: answer.status });
  return answer.json();
}

export async function post(path, body = {}) {
  try {
    const answer = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    const said = await answer.json();
    return said.ok === undefined ? { ...said, ok: answer.ok } : said;
  } catch {
    return { ok: false, error: "The sandbox does not answer. Is it still running in your terminal?" };
  }
}
