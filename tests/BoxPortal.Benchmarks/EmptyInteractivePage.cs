using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Components.Web;

namespace BoxPortal.Benchmarks;

/// <summary>The floor of a page with a circuit: head, router and the authorization of routes, as the portal's pages have them, and no content.</summary>
[Route(Address)]
public sealed class EmptyInteractivePage : ComponentBase
{
    public const string Address = "/floor/circuit";

    /// <summary>Drawn when the circuit is there.</summary>
    public const string Words = "Nothing to see";

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.OpenComponent<PageTitle>(0);
        builder.AddAttribute(1, nameof(PageTitle.ChildContent), (RenderFragment)(title => title.AddContent(0, "Empty")));
        builder.CloseComponent();
        builder.AddMarkupContent(2, $"<h1>{Words}</h1>");
    }

    /// <summary>The document around it: the two components that the portal's own begins circuits with.</summary>
    internal sealed class Document : ComponentBase
    {
        protected override void BuildRenderTree(RenderTreeBuilder builder)
        {
            builder.AddMarkupContent(0, "<!DOCTYPE html><html lang=\"en\"><head><base href=\"/\" />");
            builder.OpenComponent<HeadOutlet>(1);
            builder.AddComponentRenderMode(RenderMode.InteractiveServer);
            builder.CloseComponent();
            builder.AddMarkupContent(2, "</head><body>");
            builder.OpenComponent<Routes>(3);
            builder.AddComponentRenderMode(RenderMode.InteractiveServer);
            builder.CloseComponent();
            builder.AddMarkupContent(4, "</body></html>");
        }
    }

    private sealed class Routes : ComponentBase
    {
        protected override void BuildRenderTree(RenderTreeBuilder builder)
        {
            builder.OpenComponent<Router>(0);
            builder.AddAttribute(1, nameof(Router.AppAssembly), typeof(EmptyInteractivePage).Assembly);
            builder.AddAttribute(2, nameof(Router.Found), (RenderFragment<RouteData>)(route => found =>
            {
                found.OpenComponent<AuthorizeRouteView>(0);
                found.AddAttribute(1, nameof(AuthorizeRouteView.RouteData), route);
                found.CloseComponent();
                found.OpenComponent<FocusOnNavigate>(2);
                found.AddAttribute(3, nameof(FocusOnNavigate.RouteData), route);
                found.AddAttribute(4, nameof(FocusOnNavigate.Selector), "h1");
                found.CloseComponent();
            }));
            builder.CloseComponent();
        }
    }
}
