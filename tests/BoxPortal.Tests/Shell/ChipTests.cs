using BoxPortal.AppUsers;
using BoxPortal.Imports;
using BoxPortal.Jobs;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace BoxPortal.Tests.Shell;

/// <summary>A state without a look ends the page that shows it.</summary>
public sealed class ChipTests
{
    [Fact]
    public Task Every_state_of_a_mapping_has_its_icon_and_word() => AssertEachAsync<MappingStateChip, MappingState>(nameof(MappingStateChip.State));

    [Fact]
    public Task Every_verdict_has_its_icon_and_word() => AssertEachAsync<VerdictChip, LineVerdict>(nameof(VerdictChip.Verdict));

    [Fact]
    public Task Every_outcome_has_its_icon_and_word() => AssertEachAsync<OutcomeChip, ChangeStage>(nameof(OutcomeChip.Stage));

    private static async Task AssertEachAsync<TChip, TState>(string parameter)
        where TChip : IComponent
        where TState : struct, Enum
    {
        await using var services = new ServiceCollection().AddLogging().AddLocalization().BuildServiceProvider();
        await using var renderer = new HtmlRenderer(services, NullLoggerFactory.Instance);
        foreach (var state in Enum.GetValues<TState>())
        {
            var drawn = await renderer.Dispatcher.InvokeAsync(async () =>
                (await renderer.RenderComponentAsync<TChip>(ParameterView.FromDictionary(new Dictionary<string, object?> { [parameter] = state }))).ToHtmlString());

            Assert.Matches("<path d=\".+\".*</svg> *[A-Z]", drawn);
        }
    }
}
