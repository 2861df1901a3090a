using BoxPortal.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Components.Web;
using NetEscapades.AspNetCore.SecurityHeaders;

namespace BoxPortal.Benchmarks;

/// <summary>
/// The floor of the employee's page: the least that this application can ask for a page. As that one it is behind the sign-in, drawn
/// statically by the portal's own <see cref="App"/>, sent with the Explorer's headers and without a circuit; layout and content it has none.
/// </summary>
/// <remarks>
/// One of the portal's small pages would not do: their layouts bring the bar at the top, which is part of what is to be measured.
/// Nor would a bare tag: no page can leave out the head, the router and the authorization of routes.
/// </remarks>
[Route("/floor/page")]
[Layout(typeof(NoLayout))]
[ExcludeFromInteractiveRouting]
[SecurityHeadersPolicy(SecurityHeaders.Explorer)]
public sealed class EmptyPage : ComponentBase
{
    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.OpenComponent<PageTitle>(0);
        builder.AddAttribute(1, nameof(PageTitle.ChildContent), (RenderFragment)(title => title.AddContent(0, "Empty")));
        builder.CloseComponent();
    }

    /// <summary>Pages are looked for beside the root component, so the portal's stands in one of the benchmarks'.</summary>
    internal sealed class Root : ComponentBase
    {
        protected override void BuildRenderTree(RenderTreeBuilder builder)
        {
            builder.OpenComponent<App>(0);
            builder.CloseComponent();
        }
    }

    private sealed class NoLayout : LayoutComponentBase
    {
        protected override void BuildRenderTree(RenderTreeBuilder builder) => builder.AddContent(0, Body);
    }
}
