/// The page's frame; what stands in three braces was escaped before.
enum PageTemplate {
  static let html = """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
    <meta name="color-scheme" content="light dark">
    <title>{{title}}</title>
    <style>
    {{{style}}}
    </style>
    </head>
    <body>
    <a class="skip" href="#summary">To the summary</a>
    <header>
    <h1>{{title}}</h1>
    <nav aria-label="Sections"><ul>
    {{#sections}}<li><a href="#{{id}}">{{title}}</a></li>
    {{/sections}}{{#hasCharts}}<li><a href="#charts">Charts</a></li>
    {{/hasCharts}}{{#history}}<li><a href="#{{id}}">{{title}}</a></li>
    {{/history}}<li><a href="#trials">Trials</a></li>
    <li><a href="#reading">How to read this</a></li>
    </ul></nav>
    </header>
    <main>
    {{#sections}}<section id="{{id}}">
    <h2>{{title}}</h2>
    {{{html}}}</section>
    {{/sections}}{{#chartError}}<p class="warning">{{text}}</p>
    {{/chartError}}{{#hasCharts}}<section id="charts">
    <h2>Charts</h2>
    {{#charts}}<figure id="chart-{{id}}">
    <div class="scroll" tabindex="0">{{{svg}}}</div>
    <figcaption>{{caption}}</figcaption>
    </figure>
    {{/charts}}</section>
    {{/hasCharts}}{{#history}}<section id="{{id}}">
    <h2>{{title}}</h2>
    {{{html}}}{{#figures}}<figure id="chart-{{id}}">
    <div class="scroll" tabindex="0">{{{svg}}}</div>
    <figcaption>{{caption}}</figcaption>
    </figure>
    {{/figures}}</section>
    {{/history}}<section id="trials">
    <h2>Trials</h2>
    <noscript><p>The table of trials needs scripts; the same numbers are in results.csv.</p></noscript>
    <form id="filter" hidden>
    <label>Find <input type="search" id="find" autocomplete="off" placeholder="label, seed, message …"></label>
    <label>State <select id="state"><option value="">all</option></select></label>
    <output id="count" for="find state"></output>
    </form>
    <div class="scroll" tabindex="0"><table id="trial-table"></table></div>
    <p><button type="button" id="more" hidden>Show more</button></p>
    </section>
    {{#last}}<section id="{{id}}">
    <h2>{{title}}</h2>
    {{{html}}}</section>
    {{/last}}</main>
    {{#writtenAt}}<footer><p>Written {{text}}.</p></footer>
    {{/writtenAt}}<script type="application/json" id="trial-data">{{{trials}}}</script>
    <script>
    {{{script}}}
    </script>
    </body>
    </html>

    """
}
